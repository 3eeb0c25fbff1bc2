import { useEffect, useReducer, useRef } from "react";
import type { IndexEvent } from "../../live/events";
import { useEvents } from "../../live/LiveUpdates";
import { type Happenings, note, nothing } from "./happenings";
import { arrive, follow, type Traveller } from "./journey";

interface State {
  happenings: Happenings;
  travellers: Traveller[];
}

type Action = { events: IndexEvent[] } | { arrived: number };

/** Events come in bursts, and are shown in one go. */
const burstMs = 100;

function next(state: State, action: Action): State {
  if ("arrived" in action) {
    return { ...state, travellers: arrive(state.travellers, action.arrived) };
  }
  return {
    happenings: action.events.reduce(note, state.happenings),
    travellers: action.events.reduce(follow, state.travellers),
  };
}

/** What happens while the component is there, and who is on the way because of it. */
export function useHappenings(onEvents: (events: IndexEvent[]) => void) {
  const [state, dispatch] = useReducer(next, { happenings: nothing, travellers: [] });
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
