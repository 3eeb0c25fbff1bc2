import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";

/** How long a choice has to last before it is in the address. Safari allows 100 changes of the address in 30 seconds. */
const settledMs = 400;

interface Draft {
  /** The visit during which this modulus was chosen. */
  visit: string;
  modulus: number;
  /** The modulus that is on its way into the address. */
  sent?: number | undefined;
}

/** The modulus shown: that of the address, or the one that a slider is being moved to, which soon is in the address. */
export function useDraft(opened: number): [number, (modulus: number) => void] {
  const navigate = useNavigate();
  const { key: visit } = useLocation();
  const [latest, setDraft] = useState<Draft>();
  let draft = latest;
  if (draft !== undefined && draft.visit !== visit) {
    // What was chosen while an earlier choice was on its way stays. Any other address ends the draft.
    draft = draft.sent === opened ? { visit, modulus: draft.modulus } : undefined;
    setDraft(draft);
  }
  const modulus = draft?.modulus ?? opened;
  useEffect(() => {
    if (modulus === opened) {
      return;
    }
    const open = () => {
      setDraft({ visit, modulus, sent: modulus });
      void navigate(`/pisano/${modulus}`, { replace: true, preventScrollReset: true });
    };
    const timer = setTimeout(open, settledMs);
    return () => clearTimeout(timer);
  }, [modulus, opened, visit, navigate]);
  return [modulus, (modulus) => setDraft((draft) => ({ visit, modulus, sent: draft?.sent }))];
}
