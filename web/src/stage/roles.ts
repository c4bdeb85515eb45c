/** Who may do what: the same table as `Role::may` in `protocol/src/model.rs`, for changes between two snapshots. */

import type { Adding, Control, GuestRight, Permission, Role } from "../protocol";

const RANK: Record<Role, number> = { host: 3, moderator: 2, dj: 1, listener: 0 };
const STEERS_FROM: Record<Control, Role> = { host: "moderator", djs: "dj", everyone: "listener" };

export const ROLES: readonly Role[] = ["host", "moderator", "dj", "listener"];

export function outranks(a: Role, b: Role): boolean {
  return RANK[a] > RANK[b];
}

const COVERED: Record<GuestRight, readonly Permission[]> = {
  listen: [],
  chat: ["chat", "react"],
  add: ["queue_add"],
  vote: ["suggest", "vote"],
};

/** `link` is what that of a guest lets them do. */
export function abilities(
  role: Role,
  { control, adding, guests }: { control: Control; adding: Adding; guests: GuestRight[] },
  link?: GuestRight[],
): Permission[] {
  if (link) return link.filter((right) => guests.includes(right)).flatMap((right) => COVERED[right]);
  const can: Permission[] = ["chat", "react", "suggest", "vote"];
  const steers = RANK[role] >= RANK[STEERS_FROM[control]];
  if (steers) can.push("control");
  if (steers || adding === "everyone") can.push("queue_add");
  if (steers) can.push("queue_edit");
  if (role !== "listener") can.push("accept");
  if (RANK[role] >= RANK.moderator) can.push("moderate");
  if (role === "host") can.push("manage");
  return can;
}

/** How somebody brings a song to the queue: by themselves, or by asking for it; not at all where null. */
export function bringsBy(can: readonly Permission[] | undefined): "add" | "suggest" | null {
  if (can?.includes("queue_add")) return "add";
  return can?.includes("suggest") ? "suggest" : null;
}
