// What takes a person's words beside an engine elsewhere in; the same, refusing what would be kept in files that are gone with the manager, out.
import { LeashError } from '../../host/errors.ts';
import type { Approver } from '../../schema/approval.ts';
import type { PolicyDesk } from '../../schema/policy-desk.ts';

export function withoutKeeping(approver: Approver): Approver {
  return {
    list: () => approver.list(),
    rule: (id, ruling) => {
      if (ruling.effect === 'allow' && ruling.scope === 'always')
        throw new LeashError('LEASH_NOT_KEPT', 'with an engine elsewhere nothing is approved for always');
      return approver.rule(id, ruling);
    },
  };
}

export function withoutWriting(desk: PolicyDesk): PolicyDesk {
  return {
    read: () => {
      const { file: _, ...view } = desk.read();
      return view;
    },
    whole: (text) => desk.whole(text),
    replace: async (edit) => {
      if (edit.keep)
        throw new LeashError('LEASH_NOT_KEPT', 'with an engine elsewhere an edit is not written to the policy file');
      return desk.replace(edit);
    },
  };
}
