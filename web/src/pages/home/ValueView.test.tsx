import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { fakeApi } from "../../test/fakeApi";
import { renderPart } from "../../test/renderApp";
import { calculated } from "../../test/samples";
import { ValueView } from "./ValueView";

const f200 = "280571172992510140037611932413038677189525";
const f1000 =
  "43466557686937456435688527675040625802564660517371780402481729089536555417949051890403879840079255169295922593080322634775209689623239873322471161642996440906533187938298969649928516003704476137795166849228875";

function renderValue(value: Parameters<typeof ValueView>[0]["value"]) {
  fakeApi({});
  renderPart(<ValueView value={value} />);
}

test("ValueView shows a short value beside its name", () => {
  renderValue(calculated(-8, "-21"));
  expect(screen.getByText("= −21").parentElement).toHaveTextContent("F(−8) = −21");
  expect(screen.getByText(/^2 digits, calculated in 2 ms on/)).toBeInTheDocument();
});

test("ValueView shows a value of one line whole", () => {
  renderValue(calculated(200, f200));
  expect(screen.getByText(f200)).toBeInTheDocument();
});

test("ValueView shows the ends of a longer value, and all of it on demand", async () => {
  renderValue(calculated(1_000, f1000));
  const article = screen.getByRole("article", { name: "F(1,000)" });
  expect(article).toHaveTextContent(`${f1000.slice(0, 50)}… 109 more digits …${f1000.slice(-50)}`);
  await userEvent.click(screen.getByRole("button", { name: "Show all 209 digits" }));
  expect(screen.getByText(f1000)).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Show fewer digits" }));
  expect(screen.queryByText(f1000)).not.toBeInTheDocument();
});

test("ValueView shows the ends of a very long value with its sign, and a link to download it", () => {
  const { value: _, ...rest } = calculated(-100_000, "-1");
  renderValue({ ...rest, digitCount: 20_899, leading: "2".repeat(50), trailing: "5".repeat(50) });
  const article = screen.getByRole("article", { name: "F(−100,000)" });
  expect(article).toHaveTextContent(`−${"2".repeat(50)}… 20,799 more digits …${"5".repeat(50)}`);
  expect(screen.getByRole("link", { name: "Download all digits of F(−100,000)" })).toHaveAttribute(
    "href",
    "/api/values/-100000/digits?download=1",
  );
  expect(screen.queryByRole("button", { name: /Copy/ })).not.toBeInTheDocument();
});

test("ValueView copies the value with a hyphen for the minus sign", async () => {
  const user = userEvent.setup();
  renderValue(calculated(-8, "-21"));
  await user.click(screen.getByRole("button", { name: "Copy F(−8)" }));
  expect(await navigator.clipboard.readText()).toBe("-21");
  expect(await screen.findByRole("button", { name: "Copied F(−8)" })).toBeInTheDocument();
});
