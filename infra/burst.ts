/** How long Lambda gathers command results before it wakes the dispatcher; bench/dispatcher.ts measures with it. */
export const burstSeconds = 2
