import { Button } from "@mantine/core";
import { useViewportSize } from "@mantine/hooks";
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useId, useRef } from "react";
import { CloseIcon, PauseIcon, PlayIcon } from "../../ui/icons";
import { unusable } from "../../ui/unusable";
import styles from "./Presentation.module.css";
import { scenes } from "./scenes";
import { useSteps } from "./useSteps";

/** How long each picture stays when they are played. */
const pauseMs = 2_500;

/** Text in charts is larger by this on a wall, and as usual on a narrow screen. */
const wallScale = 1.9;
const narrowWidth = 900;

/** The pictures one by one on the whole screen, in large type, for a wall: space goes on, Escape leaves. */
export function Presentation({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  const heading = useId();
  const { width } = useViewportSize();
  const last = scenes.length - 1;
  const { step, playing, seek, play, pause } = useSteps({ first: 0, last, initial: 0, pauseMs });
  const scene = scenes[step];

  useFullScreen(dialog, next);

  function onKeyDown(event: KeyboardEvent) {
    const to = {
      " ": step + 1,
      ArrowRight: step + 1,
      PageDown: step + 1,
      ArrowLeft: step - 1,
      PageUp: step - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined && !event.ctrlKey && !event.altKey && !event.metaKey) {
      // The space bar presses no button here, whichever was used last.
      event.preventDefault();
      seek(to);
    }
  }

  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      className={styles.presentation}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onKeyUp={(event) => event.key === " " && event.preventDefault()}
    >
      <h2 id={heading} className={styles.title}>
        {scene?.title}
      </h2>
      <div className={styles.picture}>{scene?.picture(width < narrowWidth ? 1 : wallScale)}</div>
      <p role="status" className={styles.text}>
        {scene?.text}
      </p>
      <div className={styles.controls}>
        <Button variant="default" onClick={() => seek(step - 1)} {...unusable(step === 0)}>
          ← Back
        </Button>
        <Button
          variant="default"
          leftSection={playing ? <PauseIcon /> : <PlayIcon />}
          onClick={playing ? pause : play}
        >
          {playing ? "Pause" : "Play"}
        </Button>
        <Button ref={next} onClick={() => seek(step + 1)} {...unusable(step === last)}>
          Next →
        </Button>
        <span className={styles.place}>
          {step + 1} of {scenes.length}
        </span>
        <Button variant="default" leftSection={<CloseIcon />} onClick={() => dialog.current?.close()}>
          Leave
        </Button>
      </div>
    </dialog>
  );
}

/**
 * Shows a dialog over everything else, on the whole screen where the browser allows that. Leaving the full screen
 * closes the dialog: Escape does that in the browser, which tells no one of the key.
 */
function useFullScreen(
  dialog: RefObject<HTMLDialogElement | null>,
  next: RefObject<HTMLButtonElement | null>,
) {
  const open = useEffectEvent(() => {
    const element = dialog.current;
    if (element?.isConnected && !element.open) {
      element.showModal();
      next.current?.focus();
    }
  });
  useEffect(() => {
    // The dialog is shown after it, to be above what fills the screen.
    void (document.documentElement.requestFullscreen?.() ?? Promise.resolve())
      .catch(() => undefined)
      .then(open);
    const onChange = () => document.fullscreenElement === null && dialog.current?.close();
    document.addEventListener("fullscreenchange", onChange);
    return () => {
      document.removeEventListener("fullscreenchange", onChange);
      if (document.fullscreenElement != null) {
        void document.exitFullscreen();
      }
    };
  }, [dialog]);
}
