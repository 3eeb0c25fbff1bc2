import { useReducedMotion } from "@mantine/hooks";
import { useEffect, useState } from "react";

/** How long a move takes, in milliseconds. */
const moveMs = 350;

interface Move {
  from: number;
  to: number;
  /** The part of the time that has passed, up to 1. */
  passed: number;
}

/**
 * Returns a number that moves to its target where that is a step away. It is at any other target at once, and at every
 * one while nothing may move or where the reader prefers no motion.
 */
export function useGlide(target: number, mayMove: boolean): number {
  const isStill = useReducedMotion() || !mayMove;
  const [move, setMove] = useState<Move>({ from: target, to: target, passed: 1 });
  const place = isStill ? move.to : placeOf(move);
  if (move.to !== target) {
    const isStep = !isStill && Math.abs(target - place) < 2;
    setMove({ from: isStep ? place : target, to: target, passed: isStep ? 0 : 1 });
  }
  const isMoving = move.passed < 1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each target takes its own time.
  useEffect(() => {
    if (!isMoving) {
      return;
    }
    let begun: number | undefined;
    let frame = requestAnimationFrame(function draw(now) {
      begun ??= now;
      const passed = Math.min(1, (now - begun) / moveMs);
      setMove((before) => ({ ...before, passed }));
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [isMoving, move.to]);

  return place;
}

/** Slow at both ends. */
function placeOf({ from, to, passed }: Move): number {
  return from + (to - from) * passed ** 2 * (3 - 2 * passed);
}
