import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { createBrowserRouter, RouterProvider } from "react-router";
import { beforeEach, expect, test } from "vitest";
import { fakeApi } from "../../test/fakeApi";
import { renderApp } from "../../test/renderApp";
import { Shortcuts } from "./Shortcuts";

beforeEach(() => {
  localStorage.clear();
  fakeApi({});
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
});

function Frame() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <input aria-label="Other" />
      <Shortcuts helpOpen={open} onHelp={setOpen} />
    </>
  );
}

/** Opens an address, and returns what tells the current one. */
function open(path: string): () => string {
  window.history.replaceState(null, "", path);
  const router = createBrowserRouter([{ path: "*", element: <Frame /> }]);
  renderApp(<RouterProvider router={router} />);
  return () => router.state.location.pathname;
}

test("Shortcuts go to the neighbours, on the page of a number alone", async () => {
  const path = open("/values/-1");
  await userEvent.keyboard("jj");
  expect(path()).toBe("/values/1");
  await userEvent.keyboard("k");
  expect(path()).toBe("/values/0");
});

test("Shortcuts count each of several keys that come before the page is drawn", async () => {
  const path = open("/values/7");
  act(() => {
    for (const key of ["j", "j", "j", "k"]) {
      document.dispatchEvent(new KeyboardEvent("keydown", { key }));
    }
  });
  await waitFor(() => expect(path()).toBe("/values/9"));
});

test("Shortcuts do nothing elsewhere, in a field, or with another key", async () => {
  const path = open("/table");
  await userEvent.keyboard("jk");
  expect(path()).toBe("/table");
  await userEvent.keyboard("{Control>}/{/Control}");
  await userEvent.type(screen.getByRole("textbox"), "/?");
  expect(screen.getByRole("textbox")).toHaveValue("/?");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(path()).toBe("/table");
});

test("Shortcuts end at the largest index of which anything is known", async () => {
  const path = open(`/values/${10n ** 1_000n - 1n}`);
  await userEvent.keyboard("jj");
  expect(path()).toBe(`/values/${10n ** 1_000n}`);
});

test("Shortcuts can be turned off in their help", async () => {
  const path = open("/values/1");
  await userEvent.keyboard("?");
  expect(await screen.findByRole("dialog", { name: "Keys" })).toHaveTextContent("go to the next one");
  await userEvent.click(screen.getByRole("checkbox", { name: "Use these keys" }));
  expect(localStorage.getItem("pisano-keys")).toBe("off");
  document.querySelector("dialog")?.removeAttribute("open");
  screen.getByRole("checkbox", { name: "Use these keys", hidden: true }).blur();
  await userEvent.keyboard("j");
  expect(path()).toBe("/values/1");
});
