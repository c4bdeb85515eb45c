/** What is said of those whom one follows or has blocked. */
export const people = {
  following: "Whom you follow",
  followingHint: "You are told when they open a stage, or when a new album of theirs is added.",
  noPeople: "You follow nobody yet. The button is on their profile.",
  noArtists: "You follow no artist yet. The button is on an artist’s page.",
  names: "People",
  artists: "Artists",
  unfollow: "Unfollow",
  unfollowOf: (name: string) => `Unfollow ${name}`,
  unfollowed: (name: string) => `You follow ${name} no more`,
  blocked: "Whom you have blocked",
  nobodyBlocked: "You have blocked nobody.",
  unblock: "Lift the block",
  unblockOf: (name: string) => `Lift the block of ${name}`,
  unblocked: (name: string) => `${name} is not blocked any more`,
} as const;
