/** Why a song will not sound here, whatever is tried. */

export type Why =
  /** The server has it no more. */
  | "gone"
  /** The server doesn't give it to this listener. */
  | "refused"
  /** This browser can't decode it, or what is in the file is no sound. */
  | "undecodable"
  /** It can only be decoded as a whole, and that would not fit into memory. */
  | "too-long";

export class Fault extends Error {
  constructor(
    readonly why: Why,
    detail: string,
  ) {
    super(detail);
    this.name = "Fault";
  }
}

/** What an error means for its song; whatever is no fault of its own comes of decoding. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault("undecodable", error instanceof Error ? error.message : String(error));
}
