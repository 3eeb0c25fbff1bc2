import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { fakeApi, problem } from "../test/fakeApi";
import { renderPart } from "../test/renderApp";
import { CalculationProgress } from "./CalculationProgress";

const bar = () => screen.getByRole("progressbar", { name: "Calculation of F(1,000)" });

test("CalculationProgress starts with the server's estimate of the time left", async () => {
  fakeApi({ "GET /estimates/1000": () => ({ index: 1_000, digits: 209, bytes: 1, seconds: 40 }) });
  renderPart(<CalculationProgress index={1_000} progress={0.25} />);
  expect(await screen.findByText("25%, about 30 s left")).toBeInTheDocument();
  expect(bar()).toHaveAttribute("aria-valuenow", "25");
  expect(bar()).toHaveAttribute("aria-valuetext", "25%, about 30 s left");
});

test("CalculationProgress shows only the percentage without an estimate", async () => {
  fakeApi({ "GET /estimates/1000": () => problem(404, "notFound", "Not found.") });
  renderPart(<CalculationProgress index={1_000} progress={0.25} />);
  expect(await screen.findByText("25%")).toBeInTheDocument();
});
