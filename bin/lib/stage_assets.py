"""Writes .assets/static, .assets/manifest.txt and .assets/common-passwords.txt; see bin/assets."""

import gzip
import hashlib
import importlib.util
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from source_archive import source_archive

SOURCES = Path("Resources/assets")
ICONS = Path("Resources/icons.txt")
LOCK = Path("Resources/assets.lock")
FONT = Path("/usr/share/fonts/truetype/inter-vf/Inter-roman.var.ttf")
OUT = Path(".assets")
SWAGGER_UI = "static/drf_spectacular_sidecar/swagger-ui-dist/"

# Latin, its supplements, punctuation, superscripts, currencies, arrows and minus: what French,
# English and the names of neighbouring countries take.
FONT_RANGES = "U+0020-007E,U+00A0-017F,U+0218-021B,U+02C6-02DD,U+2000-206F,U+2070-209F," \
    "U+20A0-20BF,U+2116,U+2122,U+2190-2193,U+21B5,U+2212,U+2032-2033,U+2248,U+2260-2265"
FONT_FEATURES = "kern,liga,calt,ccmp,locl,mark,mkmk,tnum,lnum,case,frac,sups,ss03,cv10"


def main():
    fingerprint = fingerprint_of_inputs()
    source = source_archive()
    if is_current(fingerprint):
        return replace_source(source)
    if not FONT.exists():
        sys.exit(f"{FONT} is missing; install the Debian package fonts-inter-variable.")
    assets = {}
    assets["inter.woff2"] = font()
    assets["icons.svg"] = sprite(ICONS.read_text().split())
    assets["favicon.svg"] = (SOURCES / "favicon.svg").read_bytes()
    assets["source.tgz"] = source
    assets["htmx.js"] = package_file("django_htmx", "static/django_htmx/htmx-2.min.js")
    assets["swagger-ui.js"] = package_file(
        "drf_spectacular_sidecar", SWAGGER_UI + "swagger-ui-bundle.js")
    assets["swagger-ui.css"] = package_file(
        "drf_spectacular_sidecar", SWAGGER_UI + "swagger-ui.css")
    for name in ("api-docs.js", "api-docs.css"):
        assets[name] = minified((SOURCES / name).read_bytes(), name.rpartition(".")[2])
    assets["app.js"] = minified(script(SOURCES / "app.js").encode(), "js")
    names = {name: hashed(name, content) for name, content in assets.items()}
    style = with_hashed_urls(with_imports(SOURCES / "app.css"), names)
    assets["app.css"] = minified(style.encode(), "css")
    names["app.css"] = hashed("app.css", assets["app.css"])
    write(assets, names, fingerprint)


def fingerprint_of_inputs():
    digest = hashlib.sha256(b"minified" if has_esbuild() else b"as written")
    files = [Path(__file__), ICONS, LOCK, FONT]
    for file in files + sorted(p for p in SOURCES.rglob("*") if p.is_file()):
        digest.update(str(file).encode())
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


def is_current(fingerprint):
    stamp, manifest = OUT / "fingerprint", OUT / "manifest.txt"
    if not stamp.exists() or stamp.read_text() != fingerprint or not manifest.exists():
        return False
    lines = manifest.read_text().splitlines()
    return all((OUT / "static" / line.split()[1]).exists() for line in lines)


def replace_source(content):
    """The archive changes with every file of the program, the others seldom."""
    manifest, name = OUT / "manifest.txt", hashed("source.tgz", content)
    lines = [line for line in manifest.read_text().splitlines() if line]
    before = next(line.split()[1] for line in lines if line.startswith("source.tgz "))
    if before == name:
        return
    (OUT / "static" / name).write_bytes(content)
    manifest.write_text("".join(
        (f"source.tgz {name}" if line.startswith("source.tgz ") else line) + "\n"
        for line in lines))
    (OUT / "static" / before).unlink()


def with_imports(entry):
    """The text of a style sheet or script with each imported part in its place."""
    pattern = r'(?:@import|import) "([^"]+)";'
    return re.sub(pattern, lambda m: (SOURCES / m[1]).read_text(), entry.read_text())


def with_hashed_urls(style, names):
    return re.sub(r'url\("([^"]+)"\)', lambda m: f'url("{names[m[1]]}")', style)


def script(entry):
    """One function around everything, so that no name leaks into the page."""
    return "(() => {\n" + with_imports(entry) + "})()\n"


def font():
    from fontTools import subset

    options = subset.Options(flavor="woff2", layout_features=FONT_FEATURES.split(","))
    options.drop_tables += ["DSIG"]
    with subset.load_font(str(FONT), options) as loaded:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=subset.parse_unicodes(FONT_RANGES.replace("U+", "")))
        cutter.subset(loaded)
        result = io.BytesIO()
        subset.save_font(loaded, result, options)
    return result.getvalue()


def sprite(icons):
    """One SVG whose symbols are the named Lucide icons."""
    archive = zipfile.ZipFile(io.BytesIO(package_file("lucide", "lucide.zip")))
    symbols = []
    for icon in icons:
        try:
            source = archive.read(f"{icon}.svg").decode()
        except KeyError:
            sys.exit(f"{ICONS}: Lucide has no icon named {icon}.")
        body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)[1]
        body = re.sub(r"\s*\n\s*", "", body)
        symbols.append(
            f'<symbol id="{icon}" viewBox="0 0 24 24" stroke-width="2" stroke-linecap="round"'
            f' stroke-linejoin="round">{body}</symbol>')
    head = '<svg xmlns="http://www.w3.org/2000/svg">'
    return (head + "\n".join(symbols) + "</svg>\n").encode()


def common_passwords():
    """Passwords and names that many people chose, one a line."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    lists = ("passwords", "surnames", "female_names", "male_names")
    words = {word.lower() for name in lists for word in FREQUENCY_LISTS[name]}
    return "".join(f"{word}\n" for word in sorted(words) if len(word) > 3).encode()


def package_file(package, path):
    """A file of an installed wheel, found without importing the package."""
    root = Path(importlib.util.find_spec(package).origin).parent
    return (root / path).read_bytes()


def has_esbuild():
    return shutil.which("esbuild") is not None


def minified(content, loader):
    if not has_esbuild():
        return content
    # Without an explicit target esbuild 0.17 leaves light-dark() and nested layers as they are.
    command = ["esbuild", f"--loader={loader}", "--minify", "--charset=utf8"]
    return subprocess.run(command, input=content, stdout=subprocess.PIPE, check=True).stdout


def hashed(name, content):
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"


def write(assets, names, fingerprint):
    """Files first, then the manifest that names them; old files leave last."""
    static = OUT / "static"
    static.mkdir(parents=True, exist_ok=True)
    kept = set(names.values())
    for name, content in assets.items():
        (static / names[name]).write_bytes(content)
        if name.endswith((".css", ".js", ".svg")):
            # Once and well, for the program and for nginx with gzip_static.
            packed = gzip.compress(content, 9, mtime=0)
            (static / f"{names[name]}.gz").write_bytes(packed)
            kept.add(f"{names[name]}.gz")
    lines = [f"{name} {names[name]}\n" for name in sorted(names)]
    (OUT / "manifest.txt").write_text("".join(lines))
    (OUT / "common-passwords.txt").write_bytes(common_passwords())
    (OUT / "fingerprint").write_text(fingerprint)
    for file in static.iterdir():
        if file.name not in kept:
            file.unlink()
    sizes = ", ".join(f"{name} {len(assets[name]) / 1000:.1f} kB" for name in sorted(assets))
    print(f"Staged {sizes}")


main()
