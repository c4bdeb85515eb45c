"""Holds an imported library against what other programs say of the same files.

    tests/music/compare.py FOLDER DATABASE > differences.txt

FOLDER is what `octave import` was given, DATABASE the SQLite file. Titles, artists, albums, numbers and years are held
against mutagen, lengths against ffprobe and against what ffmpeg decodes, loudness and true peak against ffmpeg's ebur128.
Every difference is a line; a summary comes last, on standard error. It needs ffmpeg and `pip install -r requirements.txt`.
"""

import concurrent.futures
import dataclasses
import hashlib
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

import mutagen

KINDS = {".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".wav"}

#: What is taken for the same: seconds, LU, decibels.
LENGTH, LOUDNESS, PEAK = 0.001, 0.1, 0.2

SONG = """
SELECT s.id, s.title, s.artist, s.album, s.disc, s.track, s.year, s.duration_us / 1e6 AS seconds, s.sample_rate, s.channels,
       s.loudness_mlufs / 1e3 AS loudness, s.true_peak_mdb / 1e3 AS peak, a.name AS album_artist
FROM songs s LEFT JOIN albums b ON b.id = s.album_id LEFT JOIN artists a ON a.id = b.artist_id
WHERE s.file_hash = ? AND s.deleted_us IS NULL
"""
ARTISTS = "SELECT a.name FROM song_artists z JOIN artists a ON a.id = z.artist_id WHERE z.song_id = ? ORDER BY z.position"


@dataclasses.dataclass
class Heard:
    """What ffprobe and ffmpeg say."""

    told: float | None
    seconds: float
    rate: int
    channels: int
    loudness: float | None
    peak: float | None


def shown(text):
    """A name as it is shown: one line, one blank between words."""
    return " ".join(str(text).split()) or None


def tags_of(path):
    """What mutagen reads, under the names that its easy interface has."""
    found = mutagen.File(path, easy=True)
    tags = (found.tags or {}) if found is not None else {}

    def all_of(key):
        values = tags.get(key, []) if hasattr(tags, "get") else []
        return [text for text in map(shown, values if isinstance(values, list) else [values]) if text]

    def number(key):
        values = all_of(key)
        digits = re.match(r"\d+", values[0]) if values else None
        return int(digits[0]) or None if digits else None

    year = number("date")
    return {
        "title": next(iter(all_of("title")), None),
        "artists": all_of("artist"),
        "album": next(iter(all_of("album")), None),
        "album_artist": next(iter(all_of("albumartist")), None),
        "disc": number("discnumber"),
        "track": number("tracknumber"),
        "year": year if year and 1000 <= year <= 9999 else None,
    }


def heard(path):
    """Lets ffmpeg decode the whole file; none if it can't."""
    probe = ["ffprobe", "-v", "error", "-select_streams", "a:0", "-of", "json", "-show_entries"]
    probe = subprocess.run([*probe, "stream=sample_rate,channels,duration:format=duration", path], capture_output=True, check=False)
    if probe.returncode:
        return None
    probe = json.loads(probe.stdout)
    stream = probe["streams"][0]
    told = stream.get("duration") or probe["format"].get("duration")
    rate, channels = int(stream["sample_rate"]), int(stream["channels"])
    decode = ["ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-map", "0:a:0", "-f", "f32le", "pipe:1"]
    decode += ["-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    with subprocess.Popen(decode, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ffmpeg:
        with concurrent.futures.ThreadPoolExecutor(1) as reader:
            said = reader.submit(ffmpeg.stderr.read)
            size = 0
            while chunk := ffmpeg.stdout.read(1 << 20):
                size += len(chunk)
            said = said.result().decode(errors="replace")
    last = said.rpartition("Integrated loudness:")[2]

    def figure(name):
        found = re.search(rf"{name}:\s+(-?[\d.]+|-inf)", last)
        return float(found[1]) if found and found[1] != "-inf" else None

    loudness = figure("I")
    # The floor of the gate: silence.
    loudness = None if loudness is not None and loudness <= -70 else loudness
    return Heard(float(told) if told else None, size / 4 / channels / rate, rate, channels, loudness, figure("Peak"))


def differences(song, artists, tags, sound):
    """Each as (what, ours, theirs)."""
    for field in ("title", "album", "disc", "track", "year"):
        theirs = tags[field]
        # What tags don't tell, a file's name may.
        if theirs is not None and song[field] != theirs:
            yield field, song[field], theirs
    if tags["artists"] and artists != tags["artists"]:
        yield "artists", artists, tags["artists"]
    if tags["album"] and (expected := tags["album_artist"] or (tags["artists"] or [None])[0]) and song["album_artist"] != expected:
        yield "album artist", song["album_artist"], expected
    for field, theirs in (("sample_rate", sound.rate), ("channels", sound.channels)):
        if song[field] != theirs:
            yield field, song[field], theirs
    for field, theirs, limit in (
        ("seconds told", sound.told, LENGTH),
        ("seconds decoded", sound.seconds, LENGTH),
        ("loudness", sound.loudness, LOUDNESS),
        ("peak", sound.peak, PEAK),
    ):
        ours = song[field.split()[0]]
        if (ours is None) != (theirs is None) or (ours is not None and abs(ours - theirs) > limit):
            yield field, ours, theirs


def main(folder, database):
    library = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    library.row_factory = sqlite3.Row
    files = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix.lower() in KINDS and p.is_file())
    counts, largest, missing = {}, {}, 0
    with concurrent.futures.ThreadPoolExecutor(2) as work:
        for path, sound in zip(files, work.map(heard, map(str, files)), strict=True):
            name = path.relative_to(folder)
            song = library.execute(SONG, [hashlib.sha256(path.read_bytes()).hexdigest()]).fetchone()
            if sound is None:
                print(f"{name}: ffmpeg can't read it; in the library: {song is not None}")
                continue
            if song is None:
                missing += 1
                print(f"{name}: not in the library ({sound.seconds:.3f} s)")
                continue
            artists = [row[0] for row in library.execute(ARTISTS, [song["id"]])]
            for field in ("seconds", "loudness", "peak"):
                theirs = getattr(sound, field)
                if song[field] is not None and theirs is not None:
                    largest[field] = max(largest.get(field, 0), abs(song[field] - theirs))
            for field, ours, theirs in differences(song, artists, tags_of(path), sound):
                counts[field] = counts.get(field, 0) + 1
                print(f"{name}: {field}: {ours!r}, others say {theirs!r}")
    print(f"{len(files)} files, {missing} not in the library; differences: {counts}", file=sys.stderr)
    print("largest: " + ", ".join(f"{field} {value:.4f}" for field, value in largest.items()), file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
