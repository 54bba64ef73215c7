// What the processes of the network bench say to each other.

/** A name that every proxy can resolve; certificates on both sides are made for it. */
export const NAME = 'localhost';

export interface Endpoint {
  readonly port: number;
  /** PEM of the authority that its certificates come from. */
  readonly ca: string;
}

/** Something a request can be sent through. */
export interface Target extends Endpoint {
  readonly name: string;
  /** Processes whose time counts; none for the origin itself. */
  readonly pids: readonly number[];
}
