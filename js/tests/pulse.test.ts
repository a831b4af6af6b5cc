import { beforeEach, expect, it, vi } from "vitest";
import { Pulse } from "../src/shared/pulse.ts";

let asked = 0;
let told = 0;
const check = (pulse: Pulse) =>
  pulse.check(
    () => {
      asked += 1;
    },
    () => {
      told += 1;
    },
  );

beforeEach(() => {
  asked = told = 0;
  vi.useFakeTimers();
});

it("a kernel that answers is asked again only after a while", () => {
  const pulse = new Pulse();
  check(pulse);
  check(pulse);
  expect(asked).toBe(1);
  expect(pulse.hear()).toBe(false);
  check(pulse);
  expect(asked).toBe(1);
  vi.advanceTimersByTime(3500);
  check(pulse);
  expect(asked).toBe(2);
});

it("a kernel that does not answer is silent, until it answers", () => {
  const pulse = new Pulse();
  check(pulse);
  vi.advanceTimersByTime(3900);
  expect([pulse.isSilent, told]).toEqual([false, 0]);
  vi.advanceTimersByTime(200);
  expect([pulse.isSilent, told]).toEqual([true, 1]);
  check(pulse);
  expect(asked).toBe(2);
  vi.advanceTimersByTime(9000);
  expect(told).toBe(1);
  expect(pulse.hear()).toBe(true);
  expect(pulse.isSilent).toBe(false);
});

it("tells nobody after it was closed", () => {
  const pulse = new Pulse();
  check(pulse);
  pulse.close();
  vi.advanceTimersByTime(9000);
  expect(told).toBe(0);
});
