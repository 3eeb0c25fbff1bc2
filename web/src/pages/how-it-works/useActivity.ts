import { startTransition, useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useConnection, useEvents } from "../../live/LiveUpdates";
import { isOwnSubmission } from "../../live/useSubmit";
import {
  type Activity,
  noActivity,
  type OwnedEvent,
  recordEvents,
  recordGone,
  withoutUnfinished,
} from "./activity";
import { countEvents, noRates, type Rates } from "./rates";
import { createRepeatFilter } from "./repeats";
import { applyEvent, arrive, type Token } from "./route";
import { followEvents, noTraces, type Traces } from "./traces";

interface State {
  activity: Activity;
  tokens: Token[];
  traces: Traces;
  rates: Rates;
}

type Change =
  | { events: OwnedEvent[]; second: number }
  | { arrived: number }
  | { gone: string[]; at: string }
  | "interrupted";

/** Events come in bursts. Those of one burst are rendered together. */
const burstMs = 100;

const currentSecond = () => Math.floor(Date.now() / 1_000);

function next(state: State, change: Change): State {
  if (change === "interrupted") {
    return {
      ...state,
      activity: withoutUnfinished(state.activity),
      tokens: [],
      traces: { ...state.traces, open: new Map() },
    };
  }
  if ("arrived" in change) {
    return { ...state, tokens: arrive(state.tokens, change.arrived) };
  }
  if ("gone" in change) {
    return { ...state, activity: recordGone(state.activity, change.gone, change.at) };
  }
  return {
    activity: recordEvents(state.activity, change.events),
    tokens: change.events.reduce(applyEvent, state.tokens),
    traces: followEvents(state.traces, change.events),
    rates: countEvents(state.rates, change.second, change.events),
  };
}

const initial = (): State => ({
  activity: noActivity,
  tokens: [],
  traces: noTraces,
  rates: noRates(currentSecond()),
});

/**
 * Follows events while the component is mounted: what the parts did, which indices move between them, and their
 * times. onEvents is called with those of each burst. Workers that are gone are told by onGone.
 */
export function useActivity(onEvents: (events: OwnedEvent[]) => void) {
  const [state, dispatch] = useReducer(next, undefined, initial);
  const burst = useRef<OwnedEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isNew] = useState(createRepeatFilter);

  useEvents((event) => {
    if (!isNew(event)) {
      return;
    }
    burst.current.push(event.kind === "seen" ? { ...event, own: isOwnSubmission(event.index) } : event);
    timer.current ??= setTimeout(() => {
      const events = burst.current;
      burst.current = [];
      timer.current = undefined;
      // A user who types or taps does not wait for it.
      startTransition(() => dispatch({ events, second: currentSecond() }));
      onEvents(events);
    }, burstMs);
  });
  // No events arrive without a connection. There is none while the page is hidden.
  const connection = useConnection();
  useEffect(() => {
    const interrupt = () => dispatch("interrupted");
    const onVisibilityChange = () => document.hidden && interrupt();
    if (connection === "lost") {
      interrupt();
    }
    document.addEventListener("visibilitychange", onVisibilityChange);
    return () => document.removeEventListener("visibilitychange", onVisibilityChange);
  }, [connection]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const onGone = useCallback(
    (workers: string[]) => dispatch({ gone: workers, at: new Date().toISOString() }),
    [],
  );
  return { ...state, arrived: (index: number) => dispatch({ arrived: index }), onGone };
}
