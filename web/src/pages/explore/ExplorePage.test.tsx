import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { fakeApi } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { Component as ExplorePage } from "./ExplorePage";

const region = (name: string) => within(screen.getByRole("region", { name }));

test("ExplorePage draws everything at once and requests nothing", () => {
  const requests = fakeApi({});
  renderPart(<ExplorePage />);
  expect(region("It winds into a spiral").getByRole("img", { name: /^10 squares/ })).toBeInTheDocument();
  expect(region("It grows exponentially").getByRole("img")).toBeInTheDocument();
  expect(region("It grows exponentially").getByText(/^F\(100,000,000\) has 20,898,764 digits/)).toBeVisible();
  expect(region("It approaches the golden ratio").getByRole("img")).toBeInTheDocument();
  expect(screen.getByText("F(93) / F(92) agrees with φ to 38 decimal places.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Calculate/ })).not.toBeInTheDocument();
  expect(requests).toEqual([]);
});

test("ExplorePage enlarges the spiral by buttons and keys, down to its smallest squares, and prints all of it", async () => {
  fakeApi({});
  renderPart(<ExplorePage />);
  const spiral = region("It winds into a spiral");
  const button = (name: string) => spiral.getByRole("button", { name });
  const labels = () =>
    [...spiral.getByRole("img").querySelectorAll("text")].map(({ textContent }) => textContent);
  const whole = ["5", "8", "13", "21", "34", "55"];
  expect(labels()).toEqual(whole);
  expect(button("Zoom out")).toHaveAttribute("aria-disabled", "true");

  await userEvent.click(button("Zoom in"));
  await userEvent.click(button("Zoom in"));
  expect(spiral.getByText("Zoom 4×")).toBeVisible();
  expect(labels()).toEqual(["2", "3", "5", "8", "13", "21"]);
  await userEvent.click(button("Reset the zoom"));
  expect(labels()).toEqual(whole);

  const frame = spiral.getByRole("group", { name: /^Spiral/ });
  frame.focus();
  await userEvent.keyboard("++++++");
  expect(button("Zoom in")).toHaveAttribute("aria-disabled", "true");
  expect(labels()).toEqual(["1", "1", "2", "3", "5", "8"]);
  await userEvent.keyboard("{ArrowRight>4/}");
  expect(labels()).not.toContain("3");

  act(() => void window.dispatchEvent(new Event("beforeprint")));
  expect(labels()).toEqual(whole);
  act(() => void window.dispatchEvent(new Event("afterprint")));
  await userEvent.keyboard("0");
  expect(labels()).toEqual(whole);
});

test("ExplorePage draws growth on log scales, and on linear ones on demand, with labels of their own", async () => {
  fakeApi({});
  renderPart(<ExplorePage />);
  const growth = region("It grows exponentially");
  const chart = () => growth.getByRole("img");
  const labels = () => [...chart().querySelectorAll("svg > g text")].map(({ textContent }) => textContent);
  const dots = () => chart().querySelectorAll("circle").length;
  expect(growth.getByRole("radio", { name: "Log" })).toBeChecked();
  expect(chart()).toHaveAccessibleName(/both on log scales, from F\(1\) to F\(100,000,000\)/);
  expect(labels()).toEqual(expect.arrayContaining(["1", "10", "1K", "10M", "100M"]));
  expect(dots()).toBe(100);

  await userEvent.click(growth.getByRole("radio", { name: "Linear" }));
  expect(growth.getByRole("radio", { name: "Linear" })).toBeChecked();
  expect(chart()).toHaveAccessibleName(/both on linear scales, from F\(1\) to F\(93\)/);
  expect(labels()).toEqual(["0", "5", "10", "15", "20", "0", "25", "50", "75", "100", "index n"]);
  expect(dots()).toBe(93);
  expect(growth.getByText("F(93) has 20 digits, and n · log₁₀ φ is 19.44.")).toBeVisible();
});

test("ExplorePage has the numbers of its charts as tables", async () => {
  fakeApi({});
  renderPart(<ExplorePage />);
  const growth = region("It grows exponentially");
  await userEvent.click(growth.getByText("Show the numbers"));
  expect(await growth.findByRole("row", { name: "F(1,000) 209" })).toBeInTheDocument();
});
