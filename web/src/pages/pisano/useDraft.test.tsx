import { act, render } from "@testing-library/react";
import { createMemoryRouter, RouterProvider, useParams } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import { useDraft } from "./useDraft";

let arrival: Promise<void>;
let arrive: () => void;
let router: ReturnType<typeof createMemoryRouter>;
let shown: number;
let choose: (modulus: number) => void;

function Wheel() {
  [shown, choose] = useDraft(Number(useParams().modulus));
  return null;
}

beforeEach(async () => {
  vi.useFakeTimers();
  arrival = Promise.resolve();
  router = createMemoryRouter(
    [{ path: "/pisano/:modulus", element: <Wheel />, loader: () => arrival, hydrateFallbackElement: <p /> }],
    { initialEntries: ["/pisano/10"] },
  );
  render(<RouterProvider router={router} />);
  await settle();
  arrival = new Promise((resolve) => {
    arrive = resolve;
  });
  return () => vi.useRealTimers();
});

/** Waits until a choice is on its way into the address, where it is when it has arrived. */
const settle = () => act(() => vi.advanceTimersByTimeAsync(1_000));

test("What is chosen while an earlier choice is on its way into the address stays", async () => {
  act(() => choose(11));
  await settle();
  act(() => choose(12));
  arrive();
  await settle();
  expect(shown).toBe(12);
  await settle();
  expect(shown).toBe(12);
  expect(router.state.location.pathname).toBe("/pisano/12");
});

test("Another address ends what was being chosen", async () => {
  act(() => choose(11));
  await settle();
  act(() => choose(12));
  arrive();
  await act(() => router.navigate("/pisano/97"));
  await settle();
  expect(shown).toBe(97);
});

test("The address that was open ends a choice that was on its way into it", async () => {
  act(() => choose(11));
  await settle();
  arrive();
  await act(() => router.navigate("/pisano/10"));
  await settle();
  expect(shown).toBe(10);
  expect(router.state.location.pathname).toBe("/pisano/10");
});
