/** Why units are added or taken away. The words are kept in the history. */
export const reasons = ['Found on the shelf', 'Received', 'Returned', 'Damaged', 'Lost', 'Own use', 'Correction'] as const

export type Reason = (typeof reasons)[number]

/** The reason chosen last is offered next. */
class LastReason {
  value = $state<Reason>(reasons[0])
}

export const lastReason = new LastReason()
