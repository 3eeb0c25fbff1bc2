import type { ComponentProps } from "react";
import type { SeenIndex } from "../../api/indices";
import { formatProgress } from "../../numbers/format";
import { Status } from "../../ui/Status";

const badges: Record<SeenIndex["state"], { tone: ComponentProps<typeof Status>["tone"]; text: string }> = {
  pending: { tone: "neutral", text: "Pending" },
  calculating: { tone: "busy", text: "Calculating" },
  calculated: { tone: "good", text: "Calculated" },
  failed: { tone: "bad", text: "Failed" },
};

interface StateBadgeProps {
  state: SeenIndex["state"];
  progress?: number | undefined;
}

/** The state of an index in a word. */
export function StateBadge({ state, progress }: StateBadgeProps) {
  const { tone, text } = badges[state];
  const percent = state === "calculating" && progress !== undefined ? ` ${formatProgress(progress)}` : "";
  return <Status tone={tone}>{text + percent}</Status>;
}
