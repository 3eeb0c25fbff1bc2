import { useEffect, useReducer, useRef } from "react";
import type { IndexEvent } from "../../live/events";
import { useEvents } from "../../live/LiveUpdates";
import { type Activity, noActivity, recordEvent } from "./activity";
import { applyEvent, arrive, type Token } from "./route";

interface State {
  activity: Activity;
  tokens: Token[];
}

type Change = { events: IndexEvent[] } | { arrived: number };

/** Events come in bursts. Those of one burst are rendered together. */
const burstMs = 100;

function next(state: State, change: Change): State {
  if ("arrived" in change) {
    return { ...state, tokens: arrive(state.tokens, change.arrived) };
  }
  return {
    activity: change.events.reduce(recordEvent, state.activity),
    tokens: change.events.reduce(applyEvent, state.tokens),
  };
}

/** Follows events while the component is mounted: what the parts did, and which indices move between them. */
export function useActivity(onEvents: (events: IndexEvent[]) => void) {
  const [state, dispatch] = useReducer(next, { activity: noActivity, tokens: [] });
  const burst = useRef<IndexEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEvents((event) => {
    burst.current.push(event);
    timer.current ??= setTimeout(() => {
      const events = burst.current;
      burst.current = [];
      timer.current = undefined;
      dispatch({ events });
      onEvents(events);
    }, burstMs);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  return { ...state, arrived: (index: number) => dispatch({ arrived: index }) };
}
