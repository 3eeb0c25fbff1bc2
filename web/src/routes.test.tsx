import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import { routes } from "./routes";
import { fakeApi } from "./test/fakeApi";
import { renderApp } from "./test/renderApp";

function open(path: string) {
  fakeApi({ "GET /indices": () => ({ items: [] }), "GET /values": () => ({ items: [] }) });
  renderApp(<RouterProvider router={createMemoryRouter(routes, { initialEntries: [path] })} />);
}

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

test("/ shows the form and both lists", async () => {
  open("/");
  expect(await heading("Any Fibonacci number, every digit")).toBeInTheDocument();
  expect(screen.getByRole("textbox", { name: "Index" })).toBeInTheDocument();
  expect(screen.getByRole("region", { name: "Values I have seen" })).toBeInTheDocument();
  expect(screen.getByRole("region", { name: "Calculated values" })).toBeInTheDocument();
  expect(document.title).toBe("Pisano");
});

test("/otherpage explains the system, and its link leads to the heading of the first page", async () => {
  open("/otherpage");
  await heading("The path of an index");
  expect(document.title).toBe("How it works · Pisano");
  await userEvent.click(screen.getByRole("link", { name: "Back to the numbers" }));
  expect(await heading("Any Fibonacci number, every digit")).toHaveFocus();
});

test("an unknown address says so and links to the first page", async () => {
  open("/no/such/page");
  expect(await heading("Page not found")).toBeInTheDocument();
  expect(screen.getByText("/no/such/page")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Go to the numbers" })).toHaveAttribute("href", "/");
});
