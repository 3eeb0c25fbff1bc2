import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Groups } from "./Groups";

test("Groups lets a line end between groups of digits, and nowhere else", () => {
  const { container } = render(<Groups>π(1,000) = 1,500, and so on</Groups>);
  expect(container.innerHTML).toBe("π(1,<wbr>000) = 1,<wbr>500, and so on");
});
