// Ids of policies and the name of an attribute in; whether one of them speaks of it out.

/** Text of a policy by its id. */
export type TextOf = (id: string) => string | undefined;

/** As the name of an attribute, or by chance as a string: then a permit means what it says without the rule that asks. */
export function speaksOf(policies: readonly string[], attribute: string, textOf: TextOf): boolean {
  return policies.some((id) => textOf(id)?.includes(`"${attribute}"`) ?? false);
}
