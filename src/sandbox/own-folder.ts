// Where the sandbox holds what Leash put into it.

export const OWN_FOLDER = '/run/leash';
/** What was denied, a line each: the value of LEASH_DENIALS. */
export const DENIALS: string = `${OWN_FOLDER}/denials`;
/** Layers of what is under review, until leash-entry has mounted them; native/include/entry.h has it too. */
export const CHANGES: string = `${OWN_FOLDER}/changes`;
