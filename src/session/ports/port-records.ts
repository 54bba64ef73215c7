// What happens at published ports in, events of the journal and the list that `leash ps` shows out.
import type { Decision } from '../../decision/decision.ts';
import { writePublished } from '../../journal/published.ts';
import type { Who } from '../../schema/event.ts';
import type { ConnectionOwners } from '../attribution.ts';
import type { NoteFacts, Recorder } from '../recorder.ts';

export class PortRecords {
  readonly #recorder: Recorder;
  readonly #owners: ConnectionOwners;
  readonly #decision: Decision;

  constructor(recorder: Recorder, owners: ConnectionOwners, decision: Decision) {
    this.#recorder = recorder;
    this.#owners = owners;
    this.#decision = decision;
  }

  note(action: 'PortPublish' | 'PortConnect', name: string, facts: NoteFacts): void {
    this.#recorder.note(action, name, this.#decision.epoch, facts);
  }

  /** The process that took a port inside. */
  listener(port: number): Who | undefined {
    return this.#owners.listener(port);
  }

  /** It is for people to see: nothing rests on it. */
  changed(published: readonly string[]): void {
    writePublished(this.#recorder.dir, published);
  }
}
