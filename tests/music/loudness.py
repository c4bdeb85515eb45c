"""Holds the loudness of an imported library against a direct computation after ITU-R BS.1770-4.

    tests/music/loudness.py FOLDER DATABASE [SECONDS] > differences.txt

FOLDER is what `octave import` was given, DATABASE the SQLite file; files longer than SECONDS are passed over. Blocks of 400 ms every
100 ms, numbers of 64 bits, the absolute and the relative gate, nothing rounded. Needs ffmpeg (which decodes, and
nothing more), and numpy and scipy of requirements.txt.
"""

import hashlib
import json
import pathlib
import sqlite3
import subprocess
import sys

import numpy as np
from scipy.signal import lfilter

KINDS = {".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".wav"}

#: Weights of channels, of which 5.1 has a bass that does not count and two behind.
WEIGHTS = {6: [1, 1, 1, 0, 1.41, 1.41]}


def decoded(path):
    probe = ["ffprobe", "-v", "error", "-select_streams", "a:0", "-of", "json", "-show_entries", "stream=sample_rate,channels", path]
    streams = json.loads(subprocess.run(probe, capture_output=True, check=False).stdout or "{}").get("streams")
    if not streams:
        return None
    decode = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a:0", "-f", "f32le", "pipe:1"]
    sound = np.frombuffer(subprocess.run(decode, capture_output=True, check=False).stdout, "<f4").astype(float)
    return sound.reshape(-1, int(streams[0]["channels"])), int(streams[0]["sample_rate"])


def weighted(sound, rate):
    """K-weighting: the shelf of a head and a high pass, whose 48 kHz form the standard tabulates, for any rate."""
    gain, quality = 10 ** (3.999843853973347 / 20), 0.7071752369554196
    k = np.tan(np.pi * 1681.974450955533 / rate)
    middle, whole = gain**0.4996667741545416, 1 + k / quality + k * k
    ahead = [gain + middle * k / quality + k * k, 2 * (k * k - gain), gain - middle * k / quality + k * k]
    sound = lfilter(np.array(ahead) / whole, [1, 2 * (k * k - 1) / whole, (1 - k / quality + k * k) / whole], sound, axis=0)
    quality = 0.5003270373238773
    k = np.tan(np.pi * 38.13547087602444 / rate)
    whole = 1 + k / quality + k * k
    return lfilter([1, -2, 1], [1, 2 * (k * k - 1) / whole, (1 - k / quality + k * k) / whole], sound, axis=0)


def lufs(power):
    return -0.691 + 10 * np.log10(power)


def loudness(sound, rate):
    """The integrated loudness, and the relative gate; none for silence."""
    power = weighted(sound, rate) ** 2 @ np.array(WEIGHTS.get(sound.shape[1], [1] * sound.shape[1]))
    step = round(rate / 10)
    until = np.concatenate([[0], np.cumsum(power)])
    starts = np.arange(0, len(power) - 4 * step + 1, step)
    blocks = (until[starts + 4 * step] - until[starts]) / (4 * step)
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not len(blocks):
        return None, None
    gate = blocks.mean() / 10
    return lufs(blocks[blocks > gate].mean()), lufs(gate)


def main(folder, database, seconds="inf"):
    library = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    held, largest = 0, 0.0
    for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix.lower() in KINDS and p.is_file()):
        told = "SELECT loudness_mlufs, duration_us FROM songs WHERE file_hash = ? AND deleted_us IS NULL"
        song = library.execute(told, [hashlib.sha256(path.read_bytes()).hexdigest()]).fetchone()
        if song is None or song[1] > float(seconds) * 1e6 or (sound := decoded(str(path))) is None:
            continue
        (expected, gate), ours = loudness(*sound), song[0]
        held += 1
        if (ours is None) != (expected is None):
            print(f"{path}: {ours}, computed {expected}")
        elif ours is not None:
            differs = abs(ours / 1e3 - expected)
            largest = max(largest, differs)
            if differs > 0.01:
                print(f"{path}: {ours / 1e3:.3f}, computed {expected:.3f} with a gate at {gate:.3f}")
    print(f"{held} songs held against the computation, {largest:.4f} LU apart at most", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
