import { screen, within } from "@testing-library/react";
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

test("ExplorePage has the numbers of its charts as tables", async () => {
  fakeApi({});
  renderPart(<ExplorePage />);
  const growth = region("It grows exponentially");
  await userEvent.click(growth.getByText("Show the numbers"));
  expect(await growth.findByRole("row", { name: "F(1,000) 209" })).toBeInTheDocument();
});
