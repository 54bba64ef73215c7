// The temporary folders of the machine; nothing enters.

/** Private, empty, and gone with the sandbox. */
export const PRIVATE_FOLDERS: readonly string[] = ['/tmp', '/var/tmp', '/run'];
