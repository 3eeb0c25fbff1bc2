import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import { fakeApi, problem } from "../../test/fakeApi";
import { renderApp } from "../../test/renderApp";
import { Component as TablePage } from "./TablePage";

function open(search: string) {
  const router = createMemoryRouter([{ path: "/table", element: <TablePage /> }], {
    initialEntries: [`/table${search}`],
  });
  renderApp(<RouterProvider router={router} />);
  return router;
}

test("TablePage shows F(0) to F(100) without a request", () => {
  const requests = fakeApi({});
  open("");
  expect(screen.getAllByRole("row")).toHaveLength(102);
  expect(
    screen.getByRole("row", { name: "F(100) 354,224,848,179,261,915,075 21 1.6180339887 5" }),
  ).toBeInTheDocument();
  expect(document.title).toBe("F(0) to F(100) · Pisano");
  expect(requests).toEqual([]);
});

test("TablePage gets longer numbers from the server", async () => {
  const requests = fakeApi({
    "GET /numbers": () =>
      new Response('{"index":1000,"value":"43466557","digitCount":209,"ratio":1.618033988749895}\n', {
        headers: { "Content-Type": "application/x-ndjson" },
      }),
  });
  open("?from=1000&to=1000");
  expect(
    await screen.findByRole("row", { name: "F(1,000) 43,466,557 209 1.6180339887 7" }),
  ).toBeInTheDocument();
  expect(requests).toEqual(["GET /numbers?from=1000&to=1000"]);
});

test("TablePage says why there is no table, and offers to try again", async () => {
  fakeApi({ "GET /numbers": () => problem(429, "overloaded", "Too many ask at once.") });
  open("?from=1000&to=1010");
  expect(await screen.findByText("Too many ask at once.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
});

test("TablePage says what is too large, and leads to what is not", async () => {
  const requests = fakeApi({});
  open("?from=0&to=5000");
  expect(screen.getByText(/^F\(0\) to F\(5,000\) are 5,001 numbers/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Show F(0) to F(1,000)" })).toHaveAttribute(
    "href",
    "/table?from=0&to=1000",
  );
  expect(requests).toEqual([]);
});

test("TablePage opens a range as people write it, with the smaller end first", async () => {
  fakeApi({});
  const router = open("");
  const from = screen.getByRole("textbox", { name: "From" });
  await userEvent.clear(from);
  await userEvent.type(from, "F(20)");
  const to = screen.getByRole("textbox", { name: "To" });
  await userEvent.clear(to);
  await userEvent.type(to, "x{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("That is not a whole number.");
  await userEvent.clear(to);
  await userEvent.type(to, "20");
  await userEvent.click(screen.getByRole("button", { name: "Change the sign of To" }));
  expect(to).toHaveValue("−20");
  await userEvent.type(to, "{Enter}");
  expect(await screen.findByRole("row", { name: "F(−20) −6,765 4 −0.6180339850 5" })).toBeInTheDocument();
  expect(router.state.location.search).toBe("?from=-20&to=20");
});
