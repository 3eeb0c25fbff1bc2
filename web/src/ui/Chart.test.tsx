import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { Chart } from "./Chart";

const axis = { from: 0, to: 3, ticks: [] };
const points = [1, 2, 3].map((n) => ({ x: n, y: n, text: `Point ${n}.` }));
const hint = /^Point at a dot/;

function draw(count: number, still = false) {
  return <Chart label="A chart" x={axis} y={axis} points={points.slice(0, count)} still={still} />;
}

const rings = () => screen.getByRole("img").querySelectorAll("[class*=ring]").length;

test("Chart goes through its points by keys, and says what each one is", async () => {
  const { rerender } = render(draw(3));
  expect(screen.getByText(hint)).toBeInTheDocument();
  const slider = screen.getByRole("slider", { name: "Points" });
  slider.focus();
  for (const [key, text] of [
    ["{ArrowRight}", "Point 1."],
    ["{ArrowUp}", "Point 2."],
    ["{End}", "Point 3."],
    ["{ArrowRight}", "Point 3."],
    ["{ArrowLeft}", "Point 2."],
    ["{PageDown}", "Point 1."],
    ["{PageUp}", "Point 3."],
  ] as const) {
    await userEvent.keyboard(key);
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(slider).toHaveAttribute("aria-valuetext", text);
    expect(rings()).toBe(1);
  }
  // Another drawing may have fewer points.
  rerender(draw(2));
  expect(screen.getByText(hint)).toBeInTheDocument();
  expect(rings()).toBe(0);
});

test("Chart names the point near a finger or the mouse, and forgets it when the mouse is gone", () => {
  render(draw(3));
  const slider = screen.getByRole("slider", { name: "Points" });
  // The usual width, which jsdom does not measure.
  slider.getBoundingClientRect = () => new DOMRect(0, 0, 480, 280);
  const [, second] = screen.getByRole("img").querySelectorAll("circle");
  const near = {
    clientX: Number(second?.getAttribute("cx")) + 15,
    clientY: Number(second?.getAttribute("cy")) - 15,
  };
  fireEvent.pointerDown(slider, { ...near, pointerType: "touch" });
  fireEvent.pointerLeave(slider, { pointerType: "touch" });
  expect(screen.getByText("Point 2.")).toBeInTheDocument();
  fireEvent.pointerMove(slider, { clientX: 0, clientY: 0, pointerType: "mouse" });
  expect(screen.getByText(hint)).toBeInTheDocument();
  fireEvent.pointerMove(slider, { ...near, pointerType: "mouse" });
  expect(screen.getByText("Point 2.")).toBeInTheDocument();
  fireEvent.pointerLeave(slider, { pointerType: "mouse" });
  expect(screen.getByText(hint)).toBeInTheDocument();
});

test("Chart leaves pointer and keys alone where it is still", () => {
  render(draw(3, true));
  expect(screen.getByRole("img").querySelectorAll("circle")).toHaveLength(3);
  expect(screen.queryByRole("slider")).not.toBeInTheDocument();
  expect(screen.queryByText(hint)).not.toBeInTheDocument();
});
