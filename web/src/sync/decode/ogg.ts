/** Opus in Ogg: pages to packets; how long each is says its first byte. */

import type { Packet, Track } from "./pcm";

/** Opus counts at 48 kHz whatever the encoder was fed. */
const RATE = 48_000;
/** RFC 7845 asks for 80 ms of run-in, which leaves errors of a thirtieth; after half a second the output is the same. */
const RUN_IN = 24_000;
/** Samples of a frame by the configuration's place within its kind (RFC 6716, section 3.1). */
const SILK = [480, 960, 1_920, 2_880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/** Takes an Ogg Opus file apart; undefined for what is none, or holds more than one stream. */
export function openOpus(bytes: ArrayBuffer): Track | undefined {
  const data = new Uint8Array(bytes);
  const stream = packetsOf(data);
  const [head] = stream?.packets ?? [];
  if (!stream || !head || text(data, head.offset, 8) !== "OpusHead") return undefined;
  const description = data.slice(head.offset, head.offset + head.size);
  const channels = description[9] ?? 0;
  const lead = (description[10] ?? 0) | ((description[11] ?? 0) << 8);
  // The decoder would take the lead away wherever it begins; it is taken away here, once.
  description.fill(0, 10, 12);
  const packets: Packet[] = [];
  let start = 0;
  for (const { offset, size } of stream.packets.slice(2)) {
    const frames = framesOf(data, offset, size);
    packets.push({ offset, size, start, frames });
    start += frames;
  }
  const frames = Math.min(start, stream.granule) - lead;
  const preroll = Math.ceil(RUN_IN / (packets[0]?.frames || RUN_IN));
  return { codec: "opus", description, sampleRate: RATE, channels, packets, lead, frames, preroll };
}

/** The packets that lie in one piece within the file (of music all do but the tags), and the last granule position. */
function packetsOf(data: Uint8Array): { packets: { offset: number; size: number }[]; granule: number } | undefined {
  const view = new DataView(data.buffer);
  const packets: { offset: number; size: number }[] = [];
  let serial: number | undefined;
  let granule = 0;
  let open: { offset: number; size: number } | undefined;
  for (let at = 0; at + 27 <= data.length; ) {
    if (view.getUint32(at) !== 0x4f676753) return undefined;
    if ((serial ??= view.getUint32(at + 14)) !== view.getUint32(at + 14)) return undefined;
    const segments = data.subarray(at + 27, at + 27 + view.getUint8(at + 26));
    let body = at + 27 + segments.length;
    for (const size of segments) {
      if (open && open.offset + open.size !== body && packets.length >= 2) return undefined;
      open = { offset: open?.offset ?? body, size: (open?.size ?? 0) + size };
      body += size;
      if (size < 255) {
        packets.push(open);
        open = undefined;
      }
    }
    if (body > data.length) return undefined;
    granule = Math.max(granule, Number(view.getBigInt64(at + 6, true)));
    at = body;
  }
  return { packets, granule };
}

function framesOf(data: Uint8Array, at: number, size: number): number {
  const toc = data[at] ?? 0;
  const config = toc >> 3;
  const per = (config < 12 ? SILK[config & 3] : config < 16 ? HYBRID[config & 1] : CELT[config & 3]) ?? 0;
  const code = toc & 3;
  if (size === 0) return 0;
  return per * (code === 0 ? 1 : code < 3 ? 2 : (data[at + 1] ?? 0) & 0x3f);
}

function text(data: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...data.subarray(at, at + length));
}
