#!/usr/bin/env python3
"""Writes the corpora that fuzzing begins with: small inputs of every kind that is read, right and slightly wrong ones.

    tests/fuzz/seeds.py      again into tests/fuzz/corpus; the frames are those of protocol/examples
"""

import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
FIXTURES = ROOT / "tests/fixtures/audio"


def put(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def frame(opcode, payload, mask=b"\x12\x34\x56\x78", fin=True):
    """A client's frame."""
    head = bytes([(0x80 if fin else 0) | opcode])
    size = len(payload)
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65_536:
        head += b"\xfe" + struct.pack(">H", size)
    else:
        head += b"\xff" + struct.pack(">Q", size)
    return head + mask + bytes(b ^ mask[n % 4] for n, b in enumerate(payload))


def served(payload):
    """A server's text frame."""
    size = len(payload)
    head = bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size)
    return b"\x81" + head + payload


def frames():
    for side, target in (("client", "client_frames"), ("server", "server_frames")):
        seen = set()
        for example in json.loads((ROOT / f"protocol/examples/{side}.json").read_text()):
            if example["type"] in seen:
                continue
            seen.add(example["type"])
            text = json.dumps(example, separators=(",", ":")).encode()
            put(target, example["type"], text if side == "client" else served(text))
    put("client_frames", "type_last", '{"id":1,"stage":7,"text":"x","type":"chat"}')
    put("client_frames", "nul", '{"type":"chat","id":1,"stage":7,"text":"a\\u0000b"}')
    put("client_frames", "deep", '{"type":"ping","id":1,"t0":' + "[" * 60 + "]" * 60 + "}")
    put("client_frames", "twice", '{"type":"leave","id":1,"id":2,"stage":7}')
    hello = b'{"type":"hello","token":"t"}'
    put("sockets", "text", frame(1, hello))
    put("sockets", "two", frame(1, hello) + frame(1, b'{"type":"ping","id":2}'))
    put("sockets", "fragments", frame(1, hello[:9], fin=False) + frame(9, b"p") + frame(0, hello[9:]))
    put("sockets", "control", frame(9, b"ping") + frame(10, b"pong") + frame(8, struct.pack(">H", 1000) + b"bye"))
    put("sockets", "long", frame(1, b"a" * 300))
    put("sockets", "huge", frame(1, b"")[:1] + b"\xff" + struct.pack(">Q", 1 << 63) + b"\0\0\0\0")
    put("sockets", "not_utf8", frame(1, b"\xc3\x28"))
    put("sockets", "cut_utf8", frame(1, b"\xe2\x82", fin=False) + frame(0, b"\xac"))
    put("sockets", "binary", frame(2, b"\0\1"))


def synchsafe(size):
    return bytes((size >> by) & 0x7F for by in (21, 14, 7, 0))


def id3(version, body, flags=0):
    return b"ID3" + bytes([version, 0, flags]) + synchsafe(len(body)) + body


def id3_frame(version, name, content):
    if version == 2:
        return name + struct.pack(">I", len(content))[1:] + content
    size = synchsafe(len(content)) if version == 4 else struct.pack(">I", len(content))
    return name + size + b"\0\0" + content


def comments(pairs):
    out = struct.pack("<I", 6) + b"Octave" + struct.pack("<I", len(pairs))
    for pair in pairs:
        out += struct.pack("<I", len(pair)) + pair
    return out


def box(name, content):
    return struct.pack(">I", len(content) + 8) + name + content


def tags():
    mp3 = (FIXTURES / "vbr_no_xing.mp3").read_bytes()[161:1200]
    picture = b"\0image/png\0\x03cover\0" + b"\x89PNG\r\n\x1a\n" + b"\0" * 20
    for version, title, artist, pic in ((2, b"TT2", b"TP1", b"PIC"), (3, b"TIT2", b"TPE1", b"APIC"), (4, b"TIT2", b"TPE1", b"APIC")):
        texts = id3_frame(version, title, b"\0Title") + id3_frame(version, artist, b"\x03A; B") + id3_frame(version, pic, picture)
        put("tags", f"id3v2_{version}", id3(version, texts + b"\0" * 8) + mp3)
    utf16 = id3_frame(3, b"TIT2", b"\x01\xff\xfe" + "Töne".encode("utf-16-le")) + id3_frame(3, b"TCON", b"\0(17)(4)Own")
    put("tags", "id3v2_utf16", id3(3, utf16) + mp3)
    put("tags", "id3v2_unsynchronised", id3(4, id3_frame(4, b"TIT2", b"\0a\xff\0b"), flags=0x80) + mp3)
    put("tags", "id3v2_extended", id3(4, synchsafe(6) + b"\1\0" + id3_frame(4, b"TDRC", b"\x032001-09")) + mp3)
    put("tags", "id3v2_twice", id3(3, id3_frame(3, b"TIT2", b"\0One")) * 2 + mp3)
    put("tags", "id3v2_footer", id3(4, id3_frame(4, b"TIT2", b"\0F"), flags=0x10) + b"3DI\4\0\x10" + synchsafe(12) + mp3)
    put("tags", "id3v1", mp3 + b"TAG" + b"Title".ljust(30, b"\0") + b"Artist".ljust(30, b"\0") + b"\0" * 65)
    ape = b"\x05\0\0\0\0\0\0\0Title\0Apple"
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, len(ape) + 32, 1, 0) + b"\0" * 8
    put("tags", "ape", mp3 + ape + footer)
    info = bytes.fromhex("1000100000000f0000100ac440f000000000") + b"\0" * 16
    said = comments([b"TITLE=T", b"ARTIST=A", b"ARTIST=B", b"tracknumber=3/9", b"DATE=1999", b"junk"])
    flac = b"fLaC\0\0\0\x22" + info + b"\x84" + struct.pack(">I", len(said))[1:] + said
    put("tags", "flac", flac + b"\xff\xf8\xc9\x18\0\0")
    text = box(b"data", struct.pack(">II", 1, 0) + b"Title")
    ilst = box(b"ilst", box(b"\xa9nam", text) + box(b"trkn", box(b"data", struct.pack(">IIHHHH", 0, 0, 0, 3, 9, 0))))
    meta = box(b"meta", b"\0\0\0\0" + box(b"hdlr", b"\0" * 8 + b"mdirappl" + b"\0" * 9) + ilst)
    put("tags", "mp4", box(b"ftyp", b"M4A \0\0\0\0M4A ") + box(b"moov", box(b"udta", meta)))
    listed = b"INFO" + b"INAM" + struct.pack("<I", 6) + b"Title\0"
    fmt = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16)
    wav = fmt + b"LIST" + struct.pack("<I", len(listed)) + listed + b"data" + struct.pack("<I", 8) + b"\0" * 8
    put("tags", "wav", b"RIFF" + struct.pack("<I", len(wav) + 4) + b"WAVE" + wav)


def audio():
    tone = bytes((n * 7) & 0xFF for n in range(16_100))
    for bits, kind in ((8, 1), (16, 1), (32, 3)):
        width = bits // 8
        fmt = b"fmt " + struct.pack("<IHHIIHH", 16, kind, 1, 8_000, 8_000 * width, width, bits)
        data = tone[: 8_001 * width] if width < 4 else b"\0" * 32_004
        body = fmt + b"data" + struct.pack("<I", len(data)) + data
        put("audio", f"wav_{bits}", b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body)
    for name, size in (("tone.mp3", 17_000), ("tone.aac", 9_000), ("tone.flac", 10_000), ("vorbis.ogg", 10_000), ("tone.opus", 9_000), ("he.m4a", 10_000)):
        put("audio", name, (FIXTURES / name).read_bytes()[:size])


def pictures():
    import zlib

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    for name, kind, bits, row in (("grey", 0, 8, b"\0\1\2"), ("rgb", 2, 8, b"\0" + b"\1\2\3" * 2), ("alpha16", 6, 16, b"\0" + b"\1" * 16)):
        head = struct.pack(">IIBBBBB", 2, 2, bits, kind, 0, 0, 0)
        body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * 2)) + chunk(b"IEND", b"")
        put("pictures", f"{name}.png", b"\x89PNG\r\n\x1a\n" + body)
    palette = struct.pack(">IIBBBBB", 2, 2, 8, 3, 0, 0, 0)
    body = chunk(b"IHDR", palette) + chunk(b"PLTE", b"\1\2\3" * 2) + chunk(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * 200))
    body += chunk(b"IDAT", zlib.compress(b"\0\0\1" * 2)) + chunk(b"IEND", b"")
    put("pictures", "palette.png", b"\x89PNG\r\n\x1a\n" + body)
    lossless = b"VP8L" + struct.pack("<I", 6) + b"\x2f\1\x40\0\0\0"
    put("pictures", "lossless.webp", b"RIFF" + struct.pack("<I", len(lossless) + 4) + b"WEBP" + lossless)
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0\1\0\0\1\0\0" + lossless
    put("pictures", "extended.webp", b"RIFF" + struct.pack("<I", len(extended) + 4) + b"WEBP" + extended)
    put("pictures", "head.jpg", (ROOT / "tests/fixtures/not_audio.jpg").read_bytes())


def playlists():
    put("playlists", "m3u", "a.mp3\nArtist - Title.flac\n")
    put("playlists", "extended.m3u8", "\ufeff#EXTM3U\r\n#PLAYLIST:Late\r\n#EXTINF:61,A - T\r\n../Music/A/B/01 T.mp3\r\n#EXTALB:B\n#EXTINF:-1,x\nhttp://x/y.ogg\n")
    put("playlists", "latin1.m3u", "#EXTM3U\n#EXTINF:1,Töne\nT\u00f6ne.mp3\n".encode("latin-1"))
    put("playlists", "utf16.m3u", "#EXTM3U\n#EXTINF:1,T\n".encode("utf-16"))
    put("playlists", "xspf", '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><title>L</title><trackList><track>'
        "<location>file:///m/a%20b.mp3</location><creator>A &amp; B</creator><title><![CDATA[T]]></title><duration>61000</duration>"
        "<identifier>ni:///sha-256;AAEC</identifier></track></trackList></playlist>")
    put("playlists", "entities.xspf", '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><playlist><title>&b;</title><trackList/></playlist>')
    put("playlists", "jspf", '{"playlist":{"title":"L","track":[{"title":"T","creator":["A","B"],"location":["a.mp3"],"duration":61000.5},{}]}}')


def ranges():
    for n, text in enumerate(("bytes=0-", "bytes=0-0", "bytes=-1", "bytes=999-", "bytes=1000-", "bytes=5-4", "bytes=0-18446744073709551615",
                              "bytes=0-1,2-3", "bytes= 1 - 2", "octets=0-1", "bytes=-", "bytes=-0", "bytes=0-99999999999999999999999", "bytes")):
        put("ranges", f"{n:02}", text)


def cursors():
    import base64

    for n, key in enumerate((7, "text", [1, 2], ["a", 2], None, {"a": 1}, -1, 1e300, [[]])):
        put("cursors", f"{n:02}", base64.urlsafe_b64encode(json.dumps(key).encode()).rstrip(b"="))
    put("cursors", "query", "limit=200&after=Nw")
    put("cursors", "limits", "limit=0&limit=18446744073709551616&after=%00")


def multipart():
    file = b'Content-Disposition: form-data; name="file"; filename="a%22b.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFFxxxx'
    title = b'Content-Disposition: form-data; name="title"\r\n\r\nT\xc3\xb6ne'
    genres = b'Content-Disposition: form-data; name="genres"\r\n\r\n["a","b"]'
    kind = b"multipart/form-data; boundary=XX\n"

    def body(*parts):
        return b"".join(b"--XX\r\n" + part + b"\r\n" for part in parts) + b"--XX--\r\n"

    put("multipart", "upload", kind + body(title, genres, file))
    put("multipart", "two_files", kind + body(file, file))
    put("multipart", "no_file", kind + body(title))
    put("multipart", "unfinished", kind + body(title, file)[:-12])
    put("multipart", "quoted", b'multipart/form-data; boundary="X X"\n--X X\r\n' + title + b"\r\n--X X--")
    put("multipart", "utf8_name", kind + body(b"Content-Disposition: form-data; name=file; filename*=utf-8''%e2%82%ac.mp3\r\n\r\nx"))


for write in (frames, tags, audio, pictures, playlists, ranges, cursors, multipart):
    write()
