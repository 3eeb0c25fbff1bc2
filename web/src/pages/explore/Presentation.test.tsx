import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeApi } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { Component as ExplorePage } from "./ExplorePage";
import { scenes } from "./scenes";

// What browsers have and jsdom lacks.
beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
});
afterEach(() => vi.useRealTimers());

async function present() {
  fakeApi({});
  renderPart(<ExplorePage />);
  await userEvent.click(screen.getByRole("button", { name: "Present" }));
  const dialog = await screen.findByRole("dialog");
  await waitFor(() => expect(within(dialog).getByRole("button", { name: "Next →" })).toHaveFocus());
  return dialog;
}

test("Presentation goes through every picture by keys, and ends at both ends", async () => {
  const dialog = await present();
  expect(dialog).toHaveTextContent(`1 of ${scenes.length}`);
  await userEvent.keyboard("{ArrowLeft}");
  for (const { title, text } of scenes) {
    expect(dialog).toHaveAccessibleName(title);
    expect(dialog).toHaveTextContent(text);
    await userEvent.keyboard(" ");
  }
  expect(dialog).toHaveTextContent(`${scenes.length} of ${scenes.length}`);
  await userEvent.keyboard("{PageUp}{Home}{PageDown}");
  expect(dialog).toHaveTextContent(`2 of ${scenes.length}`);
});

test("Presentation plays, and pauses when it is gone on by hand", async () => {
  const dialog = await present();
  vi.useFakeTimers();
  act(() => within(dialog).getByRole("button", { name: "Play" }).click());
  act(() => vi.advanceTimersByTime(5_000));
  expect(dialog).toHaveTextContent(`3 of ${scenes.length}`);
  act(() => screen.getByRole("button", { name: "Next →" }).click());
  act(() => vi.advanceTimersByTime(60_000));
  expect(dialog).toHaveTextContent(`4 of ${scenes.length}`);
});

test("Presentation is left by its button", async () => {
  await present();
  await userEvent.click(screen.getByRole("button", { name: "Leave" }));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});
