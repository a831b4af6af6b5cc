interface Gate {
  passed: Promise<void>;
  open(): void;
}

const KEY = Symbol.for("rnn_widgets.provided.1");
const page = globalThis as unknown as Record<symbol, Gate | undefined>;

/**
 * One a page: it opens when the recording's module has run, which brings what views share and seldom need. A host
 * may give a view its models before it has loaded their modules.
 */
export function providedGate(): Gate {
  let gate = page[KEY];
  if (!gate) {
    let open = () => {};
    const passed = new Promise<void>((resolve) => {
      open = resolve;
    });
    gate = { passed, open };
    page[KEY] = gate;
  }
  return gate;
}

const PATIENCE_MS = 3000;

/** Until the gate is open, or it is clear that this host does not load the module of a model without a view. */
export function providedOrNot(): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([providedGate().passed, patience]);
}
