import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderApp } from "../../test/renderApp";
import { Component } from "./NumberPage";

const googol = 10n ** 100n;

/** Facts of F(n) for a large n, of which the test needs the form alone. */
function factsOf(index: bigint, sign = 1): object {
  const number = {
    sign,
    even: false,
    digitCount: String(20n * googol),
    leading: "12345".repeat(10),
    trailing: "12345".repeat(10),
    scientific: "1.2345e+1",
    primality: {
      verdict: "composite",
      reason: "F(n/2) divides F(n).",
      divisor: String(index / 2n).replace("-", ""),
    },
  };
  return { index: String(index), number, smallPrimeFactors: [3, 5], lucas: number };
}

/** Opens the page of an index, and returns what tells its address now. */
function open(index: string): () => string {
  const router = createMemoryRouter([{ path: "/values/:index", element: <Component /> }], {
    initialEntries: [`/values/${index}`],
  });
  renderApp(<RouterProvider router={router} />);
  return () => router.state.location.pathname;
}

test("NumberPage shows what is known of an index that is too large to calculate, and asks for nothing else", async () => {
  const requests = fakeApi({ [`GET /numbers/${googol}`]: () => factsOf(googol) });
  open(String(googol));
  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("F(10^100)");
  const number = within(screen.getByRole("region", { name: "The number" }));
  expect(await number.findByText(/beyond what can be calculated and stored/)).toBeInTheDocument();
  expect(number.getByText(/^1\./)).toHaveTextContent("1.234512345123451… × 10199,999…999,999");
  expect(number.getByText("about 2.0000 × 10^101 digits")).toBeInTheDocument();
  expect(document.title).toBe("F(10^100): about 2.0000 × 10^101 digits, 12345123… · Pisano");
  expect(screen.getByText("Prime").nextSibling).toHaveTextContent("No F(5 × 10^99) divides it");
  expect(screen.getByText(/^Divided by 10,/)).toHaveTextContent("Divided by 10, F(10^100) leaves 5.");
  expect(screen.getByText(/^Zeckendorf/)).toHaveTextContent(/10\^100 is the sum of \d+ Fibonacci numbers/);
  expect(screen.queryByRole("button", { name: /^Calculate/ })).not.toBeInTheDocument();
  expect(requests).toEqual([`GET /numbers/${googol}`]);
});

test("NumberPage leads from a large index to its neighbours and to another one, large or not", async () => {
  fakeApi({});
  const path = open(`-${googol}`);
  const link = (name: RegExp) => screen.getByRole("link", { name });
  expect(link(/^←.F\(−10,000…000,001\)$/)).toHaveAttribute("href", `/values/${-googol - 1n}`);
  expect(link(/^F\(−9,999…999,999\).→$/)).toHaveAttribute("href", `/values/${-googol + 1n}`);
  const field = screen.getByRole("textbox", { name: "Index" });
  await userEvent.type(field, "10^1000");
  expect(field).not.toHaveAttribute("aria-invalid", "true");
  await userEvent.keyboard("{Enter}");
  expect(path()).toBe(`/values/${10n ** 1_000n}`);
  expect(screen.queryByRole("link", { name: /→$/ })).not.toBeInTheDocument(); // nothing is known beyond
});

test("NumberPage goes on to the address of an index that is written in another way", async () => {
  fakeApi({});
  expect(open("10^100")()).toBe(`/values/${googol}`);
});

test("NumberPage calls an index invalid of which nothing is known", async () => {
  const requests = fakeApi({});
  open("10^1001");
  expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("This is not a valid index");
  expect(screen.getByText(/which end at F\(10\^1000\)/)).toBeInTheDocument();
  expect(requests).toEqual([]);
});

test("NumberPage says why the facts of a large index cannot be had, and gets them when asked again", async () => {
  let isBusy = true;
  fakeApi({
    [`GET /numbers/${googol}`]: () => (isBusy ? problem(429, "overloaded", "Too busy.") : factsOf(googol)),
  });
  open(String(googol));
  expect(await screen.findByRole("alert")).toHaveTextContent("Too busy.");
  isBusy = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("about 2.0000 × 10^101 digits")).toBeInTheDocument();
});
