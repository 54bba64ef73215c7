// A command line and the names of an option in; the values that it is given out.

/**
 * @param names `--long` ones, whose value may follow a `=`, and `-s` short ones, whose value may follow at once
 * @param take how many words belong to the option: the next one, or all until the next option
 */
export function optionValues(
  command: readonly string[],
  names: readonly string[],
  take: 'one' | 'many',
): readonly string[] {
  const values: string[] = [];
  let isTaking = false;
  for (const word of command.slice(1)) {
    if (word === '--') break;
    if (names.includes(word)) {
      isTaking = true;
      continue;
    }
    const glued = names.find((name) => word.startsWith(name.startsWith('--') ? `${name}=` : name));
    if (glued !== undefined) values.push(word.slice(glued.length).replace(/^=/, ''));
    else if (isTaking && !word.startsWith('-')) values.push(word);
    isTaking &&= take === 'many' && glued === undefined && !word.startsWith('-');
  }
  return values;
}
