import { act, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { renderPart } from "../../test/renderApp";
import { WorkersPanel } from "./WorkersPanel";

const both = [
  { name: "AAAAAA", silentSeconds: 0.2 },
  { name: "BBBBBB", silentSeconds: 0.4 },
];
const start = { workers: both, reportedAt: Date.now(), claimant: "AAAAAA" };
let change: (state: typeof start) => void;

function ChangingPanel() {
  const [{ claimant, ...reported }, setState] = useState(start);
  change = setState;
  return (
    <WorkersPanel {...reported} isCurrent claims={new Map([[5_000, { worker: claimant, delivery: 1 }]])} />
  );
}

test("WorkersPanel shows what a worker left that is gone, until another one has it", () => {
  renderPart(<ChangingPanel />);
  const row = (name: string) => screen.getByRole("rowheader", { name }).closest("tr");
  expect(row("AAAAA")).toHaveTextContent("F(5,000)");
  const after = { ...start, workers: both.slice(1), reportedAt: start.reportedAt + 1 };
  act(() => change(after));
  expect(row("AAAAA")).toHaveTextContent("left F(5,000) unfinished");
  act(() => change({ ...after, claimant: "BBBBBB" }));
  expect(row("AAAAA")).toHaveTextContent("nothing");
  expect(row("BBBBB")).toHaveTextContent("F(5,000)");
});
