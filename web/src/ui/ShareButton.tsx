import { Button } from "@mantine/core";
import { ProblemError } from "@pisano-dev/client";
import { type ReactNode, useState } from "react";
import { unreachable } from "../api/problem";
import { ShareIcon } from "./icons";
import { ProblemNotice } from "./ProblemNotice";
import type { ShareDialogProps } from "./ShareDialog";

/** Opens the dialog with the ways to share a number, which is loaded on demand. */
export function ShareButton(props: Omit<ShareDialogProps, "onClose">) {
  const [dialog, setDialog] = useState<(props: ShareDialogProps) => ReactNode>();
  const [error, setError] = useState<unknown>();
  const [open, setOpen] = useState(false);
  const Dialog = dialog;

  async function show() {
    setError(undefined);
    try {
      const { ShareDialog } = await import("./ShareDialog");
      setDialog(() => ShareDialog);
      setOpen(true);
    } catch {
      setError(new ProblemError(unreachable));
    }
  }

  return (
    <>
      <Button
        variant="default"
        leftSection={<ShareIcon />}
        aria-haspopup="dialog"
        onClick={() => void show()}
      >
        Share
      </Button>
      {error !== undefined && <ProblemNotice error={error} onRetry={() => void show()} />}
      {open && Dialog && <Dialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
