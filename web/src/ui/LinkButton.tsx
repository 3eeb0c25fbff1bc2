import { Button } from "@mantine/core";
import { Link } from "react-router";

/** A link to another page, in the look of a button. */
export function LinkButton({ to, children }: { to: string; children: string }) {
  return (
    <Button component={Link} to={to} size="md">
      {children}
    </Button>
  );
}
