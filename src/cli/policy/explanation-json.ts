// An explanation in, the same as plain data for `--json` out.
import type { Explanation } from '../../policy/explain/explain.ts';
import { expressionText, valueText } from '../../policy/explain/expression-text.ts';
import type { StatementOutline } from '../../policy/explain/outline.ts';
import { requestJson } from '../../policy/explain/request-json.ts';
import type { Trace } from '../../policy/explain/trace.ts';

function traceJson({ policy, failure }: Trace, outlines: ReadonlyMap<string, StatementOutline>): unknown {
  const found = outlines.get(policy.id);
  return {
    id: policy.id,
    effect: policy.effect,
    ...(found && { source: found.source, line: found.line, column: found.column }),
    ...(policy.reason !== undefined && { reason: policy.reason }),
    ...(found && { text: found.text }),
    ...(failure && {
      failed: {
        part: failure.part,
        expression: expressionText(failure.expression),
        facts: failure.facts.map(({ expression, value }) => ({
          expression: expressionText(expression),
          value: value === undefined ? null : valueText(value),
        })),
      },
    }),
  };
}

/** The document that `leash policy explain --json` prints, without its event. */
export function explanationJson(
  explanation: Explanation,
  outlines: ReadonlyMap<string, StatementOutline>,
): Readonly<Record<string, unknown>> {
  const { request, verdict, decidedBy, determining, nearest, shadow, errors } = explanation;
  const statements = (traces: readonly Trace[]): readonly unknown[] =>
    traces.map((trace) => traceJson(trace, outlines));
  return {
    request: requestJson(request),
    effect: verdict.effect,
    ...(verdict.shadow === undefined ? {} : { shadow: verdict.shadow }),
    decidedBy,
    determining: statements(determining),
    nearest: statements(nearest),
    shadowPolicies: statements(shadow),
    errors: statements(errors),
  };
}
