"""The manual page of the program, made from what it says of itself with --help."""

import re
import subprocess


def text(binary, version, date):
    overview = help_of(binary)
    commands = re.findall(r"^  (\S+(?: \S+)?)  +\S", overview.partition("Commands:")[2], re.M)
    lines = [f'.TH COMPTOIR 1 "{date}" "comptoir {version}" "User Commands"',
             ".SH NAME", "comptoir \\- quotes, orders, invoices and payments of a small company",
             ".SH SYNOPSIS", ".B comptoir", ".I COMMAND", "[OPTIONS]", ".SH COMMANDS",
             *verbatim(re.sub(r"\n\n.*--help explains.*", "", overview.partition("Commands:\n")[2],
                              flags=re.S))]
    for command in commands:
        lines += [f'.SH "COMPTOIR {command.upper()}"',
                  *verbatim(help_of(binary, *command.split()))]
    lines += [".SH FILES", ".TP", ".I /var/lib/comptoir",
              "Everything that the installation has: its key, its database.", ".TP",
              ".I /etc/comptoir/environment", "What the service is started with.",
              ".SH SEE ALSO", "/usr/share/doc/comptoir/deploy.md"]
    return "\n".join(lines) + "\n"


def help_of(binary, *command):
    done = subprocess.run([binary, *command, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def verbatim(text):
    """Lines as they are, since their columns mean something."""
    def escaped(line):
        line = line.replace("\\", "\\e").replace("-", "\\-")
        return "\\&" + line if line.startswith((".", "'")) else line
    return [".nf", *(escaped(line) for line in text.strip("\n").splitlines()), ".fi"]
