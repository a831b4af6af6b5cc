const page = globalThis as unknown as Record<symbol, unknown>;

/**
 * What comes with the recording's module, once a page, and not with that of each view. Not every host loads the module
 * of a model without a view: what it would bring is missing there.
 */
export class Provided<What> {
  readonly #key: symbol;

  /** The name ends with a number, which rises with each change of what is provided. */
  constructor(name: string) {
    this.#key = Symbol.for(`rnn_widgets.${name}`);
  }

  provide(what: What): void {
    page[this.#key] ??= what;
  }

  get now(): What | undefined {
    return page[this.#key] as What | undefined;
  }
}

interface Gate {
  passed: Promise<void>;
  open(): void;
}

const gates = new Provided<Gate>("provided.1");

/**
 * One a page: it opens when the recording's module has run, which brings what views share and seldom need. A host
 * may give a view its models before it has loaded their modules.
 */
export function providedGate(): Gate {
  const known = gates.now;
  if (known) return known;
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  const gate = { passed, open };
  gates.provide(gate);
  return gate;
}

const PATIENCE_MS = 3000;

/** Until the gate is open, or it is clear that this host does not load the module of a model without a view. */
export function providedOrNot(): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([providedGate().passed, patience]);
}
