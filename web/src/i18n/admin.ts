/** What is said to who administers the server. */

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes as people read them. */
function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** step).toLocaleString(undefined, { maximumFractionDigits: step === 0 ? 0 : 1 })} ${UNITS[step]}`;
}

export const admin = {
  title: "Administration",
  onlyAdmins: "This is for who administers the server.",
  invites: "Invitations to this server",
  users: "Accounts",
  search: "Find an account",
  noUsers: "No account is called so.",
  badge: "Administrator",
  disabled: "Disabled",
  songs: (count: number, bytes: number) => `${count.toLocaleString()} ${count === 1 ? "song" : "songs"}, ${size(bytes)}`,
  actions: (name: string) => `What to do with ${name}`,
  make: "Make an administrator",
  unmake: "Take the administration away",
  disable: "Disable the account",
  enable: "Let the account be used again",
  disableSure: (name: string) => `Nobody can sign in as ${name} until you allow it again. What ${name} has made stays.`,
  remove: "Delete the account",
  removeSure: (name: string) => `${name}’s account ends for good, and so do the stages. Songs stay in the library.`,
  done: (name: string) => `Done: ${name}`,
  stages: "Stages",
  noStages: "No stage is open.",
  end: "End",
  endOf: (name: string) => `End ${name}`,
  endSure: "Everyone in it is out, and it can’t be opened again.",
  hosted: (host: string, listeners: number) => `${host} · ${listeners} listening`,
  storage: "Storage",
  figures: {
    accounts: "Accounts",
    guests: "Guests",
    stages: "Open stages",
    songs: "Songs",
    audio_bytes: "Sound files",
    database_bytes: "Database",
  },
  figure: (name: string, value: number) => (name.endsWith("_bytes") ? size(value) : value.toLocaleString()),
  log: "What was done",
  nothing: "Nothing yet.",
  by: (name: string | null) => name ?? "the command line",
  kinds: {
    admin_made: (about: string) => `made ${about} an administrator`,
    admin_unmade: (about: string) => `took the administration from ${about}`,
    disabled: (about: string) => `disabled ${about}`,
    enabled: (about: string) => `let ${about} be used again`,
    deleted: (about: string) => `deleted ${about}`,
    stage_ended: (about: string) => `ended ${about}`,
  } as Readonly<Record<string, (about: string) => string>>,
} as const;
