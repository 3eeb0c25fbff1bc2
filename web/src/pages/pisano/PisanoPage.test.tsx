import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderApp } from "../../test/renderApp";
import { Component as PisanoPage } from "./PisanoPage";

function open(path: string) {
  const router = createMemoryRouter([{ path: "/pisano/:modulus?", element: <PisanoPage /> }], {
    initialEntries: [path],
  });
  renderApp(<RouterProvider router={router} />);
  return router;
}

const facts = () => within(screen.getByRole("region", { name: "What is known of it" }));

test("PisanoPage draws a small modulus and says what is known of it, without a request", async () => {
  const requests = fakeApi({});
  const router = open("/pisano");
  expect(router.state.location.pathname).toBe("/pisano/10");
  expect(document.title).toBe("Pisano wheel of 10 · Pisano");
  expect(screen.getByRole("img", { name: /^10 points on a circle, and 60 lines/ })).toBeInTheDocument();
  expect(screen.getByText("10 points, 60 lines. Every remainder occurs.")).toBeInTheDocument();
  expect(facts().getByText("π(10) = 60")).toBeInTheDocument();
  await userEvent.click(facts().getByText("Why?", { selector: "[aria-label='Why? Pisano period']" }));
  expect(facts().getByText(/There are only 10 × 10 pairs/)).toBeVisible();
  expect(requests).toEqual([]);
});

test("PisanoPage takes what it knows of a large modulus from the server, and bounds the drawing", async () => {
  fakeApi({
    "GET /periods/1000000007": () => ({
      modulus: "1000000007",
      period: "2000000016",
      rank: "1000000008",
      ratio: 2,
      factors: [{ prime: "1000000007", exponent: 1, period: "2000000016", rank: "1000000008" }],
    }),
  });
  open("/pisano/1000000007");
  expect(await screen.findByText("π(1,000,000,007) = 2,000,000,016")).toBeInTheDocument();
  expect(
    screen.getByText("The first 3,000 of 2,000,000,016 lines. More would hide each other."),
  ).toBeInTheDocument();
});

test("PisanoPage has the period of a modulus that is too large for a wheel", async () => {
  fakeApi({
    "GET /periods/2305843009213693951": () => ({
      modulus: "2305843009213693951",
      period: "256204778801521550",
      rank: "256204778801521550",
      ratio: 1,
      factors: [
        {
          prime: "2305843009213693951",
          exponent: 1,
          period: "256204778801521550",
          rank: "256204778801521550",
        },
      ],
    }),
  });
  const router = open("/pisano/2305843009213693951");
  expect(document.title).toBe("Pisano period of 2,305,843,009,213,693,951 · Pisano");
  expect(
    await screen.findByText("π(2,305,843,009,213,693,951) = 256,204,778,801,521,550"),
  ).toBeInTheDocument();
  expect(screen.queryByRole("img")).not.toBeInTheDocument();
  expect(screen.queryByRole("slider")).not.toBeInTheDocument();
  const field = screen.getByRole("textbox", { name: "Modulus" });
  await userEvent.clear(field);
  await userEvent.type(field, "10{Enter}");
  expect(await screen.findByText("π(10) = 60")).toBeInTheDocument();
  expect(router.state.location.pathname).toBe("/pisano/10");
});

test("PisanoPage says why the period of a modulus cannot be found", async () => {
  const modulus = 10n ** 30n - 1n;
  fakeApi({
    [`GET /periods/${modulus}`]: () => problem(422, "tooLarge", "The factors of 1001 take too long."),
  });
  open(`/pisano/${modulus}`);
  expect(await screen.findByText("The factors of 1001 take too long.")).toBeInTheDocument();
});

test("PisanoPage says why a large modulus has no facts, and draws it nevertheless", async () => {
  fakeApi({ "GET /periods/200000": () => problem(429, "overloaded", "Too many ask at once.") });
  open("/pisano/200000");
  expect(await screen.findByText("Too many ask at once.")).toBeInTheDocument();
  expect(screen.getByRole("img", { name: /^200,000 points/ })).toBeInTheDocument();
});

test("PisanoPage names the numbers of each step for the keyboard", async () => {
  fakeApi({});
  open("/pisano/10");
  const step = screen.getByRole("slider", { name: "Step k" });
  expect(step).toHaveAttribute("aria-valuetext", "k = 60, F(60) = 1,548,008,755,920 leaves 0");
  step.focus();
  await userEvent.keyboard("{Home}{ArrowRight>6/}");
  expect(step).toHaveAttribute("aria-valuetext", "k = 6, F(6) = 8 leaves 8");
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByText("F(7) = 13", { exact: false })).toHaveTextContent("F(7) = 13 leaves 3");
});

test("PisanoPage opens the wheel of a modulus as people write it", async () => {
  fakeApi({});
  const router = open("/pisano/10");
  const field = screen.getByRole("textbox", { name: "Modulus" });
  await userEvent.clear(field);
  await userEvent.type(field, "0{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("Enter a whole number from 1 to 10^30.");
  await userEvent.clear(field);
  await userEvent.type(field, "1,000{Enter}");
  expect(await screen.findByText("π(1,000) = 1,500")).toBeInTheDocument();
  expect(router.state.location.pathname).toBe("/pisano/1000");
});

test("PisanoPage puts the wheel that a slider chose into the address, and forgets it for the next one", async () => {
  fakeApi({});
  const router = open("/pisano/10");
  await userEvent.click(screen.getByRole("button", { name: "The next wheel" }));
  expect(screen.getByRole("heading", { level: 1, name: "The Pisano wheel of 11" })).toBeInTheDocument();
  await waitFor(() => expect(router.state.location.pathname).toBe("/pisano/11"));
  await act(() => router.navigate("/pisano/10"));
  expect(screen.getByRole("heading", { level: 1, name: "The Pisano wheel of 10" })).toBeInTheDocument();
});

test("PisanoPage has a slider for small moduli again after a large one", async () => {
  fakeApi({});
  const router = open("/pisano/10");
  const slider = () => screen.getByRole("slider", { name: "Modulus m" });
  await act(() => router.navigate("/pisano/1000000000000"));
  expect(slider()).toHaveAttribute("aria-valuemax", "1000000000000");
  await act(() => router.navigate(-1));
  expect(slider()).toHaveAttribute("aria-valuenow", "10");
  expect(slider()).toHaveAttribute("aria-valuemax", "200");
});

test("PisanoPage explains an address that is no modulus", () => {
  fakeApi({});
  open("/pisano/zero");
  expect(screen.getByRole("heading", { level: 1, name: "There is no such wheel" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Go to the wheel of 10" })).toHaveAttribute("href", "/pisano/10");
});
