// A session in; a button out that saves its report, one HTML file that shows and verifies it without Leash.
import { type ReactNode, useState } from 'react';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';

/** Long enough for the browser to have taken it. */
const KEPT = 60_000;

function save(report: Blob, name: string): void {
  const address = URL.createObjectURL(report);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}

export function ReportButton({ session }: { readonly session: string }): ReactNode {
  const [isMaking, setIsMaking] = useState(false);
  const [error, setError] = useState<unknown>();
  async function make(): Promise<void> {
    setIsMaking(true);
    setError(undefined);
    try {
      save(await client.report(session), `leash-${session}.html`);
    } catch (failed) {
      setError(failed);
    } finally {
      setIsMaking(false);
    }
  }
  return (
    <>
      <button
        type="button"
        disabled={isMaking}
        title="One HTML file with the whole journal. It opens without Leash and without a network, and checks the chain."
        onClick={() => void make()}
      >
        {isMaking ? 'Making the report…' : 'Save report'}
      </button>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
