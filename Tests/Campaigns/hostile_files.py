"""Files that nobody should send: two things at once, bombs, and names that lead elsewhere."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib

MARK = b"<script>alert('intruder')</script>"
HTML = b"<!DOCTYPE html><html><body>" + MARK + b"</body></html>"
PNG = b"\x89PNG\r\n\x1a\n"
BOMB_BYTES = 1_000_000_000
CII = (b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:'
       b'CrossIndustryInvoice:100">')


def chunk(kind, content):
    return (struct.pack(">I", len(content)) + kind + content
            + struct.pack(">I", zlib.crc32(kind + content)))


def png(width=2, height=2, rows=None, extra=b"", after=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"\0" * (width + 1) * height, 9) if rows is None else rows
    return PNG + head + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + after


def zeros(count):
    """A zlib stream of so many zeros, without having them in memory."""
    packer, out = zlib.compressobj(9), []
    for _ in range(count // 10_000_000):
        out.append(packer.compress(bytes(10_000_000)))
    return b"".join(out) + packer.flush()


def pdf(*objects):
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(out)


def pdf_with(stream, filters=b"/FlateDecode", name=b"factur-x.xml", catalog=b""):
    """With the stream as an embedded file."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(%s) 4 0 R]>>>>%s>>"
        % (name, catalog),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        b"<</Type/Filespec/F(%s)/UF(%s)/EF<</F 5 0 R>>>>" % (name, name),
        b"<</Type/EmbeddedFile/Length %d/Filter %s>>\nstream\n%s\nendstream"
        % (len(stream), filters, stream))


def archive(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        with made.open(name, "w", force_zip64=True) as entry:
            for start in range(0, len(content) if content else BOMB_BYTES, 10_000_000):
                entry.write(content[start:start + 10_000_000] if content else bytes(10_000_000))
    return buffer.getvalue()


def polyglots():
    """By name, with an extension that lies as often as not."""
    text = CII + b"</rsm:CrossIndustryInvoice>"
    yield "picture-and-page.png", png(after=HTML)
    yield "text-chunk.png", png(extra=chunk(b"tEXt", b"Comment\0" + HTML))
    yield "page.png", HTML
    yield "page.csv", HTML
    yield "page.xml", HTML
    yield "page.pdf", HTML
    yield "page-in-utf-7.csv", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-\nNom;E-mail\n"
    yield "page-in-utf-16.xml", HTML.decode().encode("utf-16")
    yield "gif-and-script.png", b"GIF89a/*" + bytes(20) + b"*/=1;alert('intruder')//"
    yield "bitmap-and-script.png", b"BM/*" + bytes(20) + b"*/=1;alert('intruder')"
    yield "jpeg-and-page.png", b"\xff\xd8\xff\xfe\x00\xff" + HTML + b"\xff\xd9"
    yield "drawing.png", (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + MARK
                          + b"</svg>")
    yield "drawing.xml", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    yield "program.csv", b"MZ" + bytes(200) + b"PE\0\0" + bytes(200)
    yield "program.png", b"\x7fELF\x02\x01\x01" + bytes(500)
    yield "program.pdf", b"#!/bin/sh\ntouch /tmp/intruder-ran\n"
    yield "server-page.png", png(extra=chunk(b"tEXt", b"a\0<?php system($_GET['c']);?>"))
    yield "archive-and-picture.png", png(after=archive("a.html", HTML))
    yield "page-and-pdf.pdf", HTML + pdf_with(zlib.compress(text))
    yield "pdf-and-archive.pdf", pdf_with(zlib.compress(text)) + archive("a.html", HTML)
    yield "pdf-with-script.pdf", pdf_with(
        zlib.compress(text), catalog=b"/OpenAction<</S/JavaScript/JS(app.alert('intruder'))>>")
    yield "pdf-with-program.pdf", pdf_with(zlib.compress(b"MZ" + bytes(99)), name=b"a.exe")
    yield "pdf-with-page.pdf", pdf_with(zlib.compress(HTML))
    yield "pdf-that-is-its-own-parent.pdf", pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 9/Parent 2 0 R>>")
    yield "invoice-with-page.xml", text.replace(b"><", b"><html xmlns='http://www.w3.org/1999/"
                                                b"xhtml'>" + MARK + b"</html><")
    yield "styled.xml", b"<?xml-stylesheet href='javascript:alert(1)'?>" + text
    yield "entity.xml", (b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
                         + CII + b"&e;</rsm:CrossIndustryInvoice>")
    yield "outside.xml", (b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd' [<!ENTITY % p SYSTEM "
                          b"'http://127.0.0.1:9/p'> %p;]>" + text)
    yield "mail.eml", (b"From: a@x.example\r\nTo: b@x.example\r\nContent-Type: text/html\r\n\r\n"
                       + HTML)
    yield "mail-with-programs.eml", (
        b"From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
        b"\r\n--b\r\nContent-Type: application/xml; name=\"../../intruder.xml\"\r\n\r\n" + text
        + b"\r\n--b\r\nContent-Type: application/x-msdownload; name=a.exe\r\n\r\nMZ\r\n--b--\r\n")
    yield "formulas.csv", b"Nom;E-mail\n=cmd|'/c calc'!A1;a@x.example\n@SUM(1);b@x.example\n"
    yield "nulls.csv", b"Nom;E-mail\n\0\0\0;\0\n"
    yield "empty.xml", b""


def bombs():
    yield "pixels.png", png(20_000, 20_000, rows=zeros(400_020_000))
    yield "more-rows-than-said.png", png(2, 2, rows=zeros(BOMB_BYTES))
    yield "two-billion-a-side.png", png(2, 2).replace(
        struct.pack(">II", 2, 2), struct.pack(">II", 2**31 - 1, 2**31 - 1))
    yield "text.png", png(extra=chunk(b"zTXt", b"a\0\0" + zeros(BOMB_BYTES)))
    yield "profile.png", png(extra=chunk(b"iCCP", b"a\0\0" + zeros(BOMB_BYTES)))
    yield "stream.pdf", pdf_with(zeros(BOMB_BYTES))
    yield "stream-in-stream.pdf", pdf_with(
        zlib.compress(zeros(BOMB_BYTES), 9), b"[/FlateDecode/FlateDecode]")
    yield "laughs.xml", (
        b"<!DOCTYPE l [<!ENTITY a0 'ha'>" + b"".join(
            b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
        + b"]>" + CII + b"&a11;</rsm:CrossIndustryInvoice>")
    yield "long-entity.xml", (
        b"<!DOCTYPE l [<!ENTITY a '" + b"a" * 100_000 + b"'>]>" + CII + b"&a;" * 50_000
        + b"</rsm:CrossIndustryInvoice>")
    yield "depth.xml", CII + b"<a>" * 400_000 + b"</a>" * 400_000 + b"</rsm:CrossIndustryInvoice>"
    yield "attributes.xml", (CII[:-1] + b"".join(b" a%d='1'" % n for n in range(200_000))
                             + b"></rsm:CrossIndustryInvoice>")
    yield "packed.csv", gzip.compress(bytes(100_000_000), 9)
    yield "packed.xml", lzma.compress(bytes(100_000_000))
    yield "archive.csv", archive("a.csv", None)
    yield "archive.pdf", archive("a.pdf", None)
    yield "one-line.csv", b"Nom;E-mail\n" + b"a" * 3_500_000
    yield "columns.csv", b"a;" * 1_500_000 + b"\n"
    yield "quotes.csv", b'Nom;E-mail\n"' + b'""' * 1_500_000
    yield "parts.eml", b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(20_000))
    yield "cards.vcf", b"BEGIN:VCARD\n" * 250_000


def names():
    """Names of files that lead elsewhere, or break what they are put into."""
    for name in (
            "../../intruder-1", "/tmp/intruder-2", "..\\..\\intruder-3", "C:\\intruder-4",
            "%2e%2e%2fintruder-5", "....//intruder-6", "~root/intruder-7", "$(touch intruder-8)",
            "`touch /tmp/intruder-9`", "|touch /tmp/intruder-10", ";touch /tmp/intruder-11",
            "intruder-12\x00.png", "intruder-13%0d%0aX-Intruder: 1", "intruder-14\\\"; a=\\\"b",
            "<img src=x onerror=alert('intruder')>", "intruder-15\u202egnp.exe", "con", ".", "..",
            "", " ", "-rf", "intruder-" + "a" * 10_000, "intruder-16.html", "intruder-17.svg",
            "intruder-18.xml\x7f", "\U0001f600.xml"):
        yield name
