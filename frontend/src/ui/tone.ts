import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleDashed from '@lucide/svelte/icons/circle-dashed'
import CircleOff from '@lucide/svelte/icons/circle-off'
import CirclePause from '@lucide/svelte/icons/circle-pause'
import FlaskConical from '@lucide/svelte/icons/flask-conical'
import OctagonX from '@lucide/svelte/icons/octagon-x'
import RefreshCw from '@lucide/svelte/icons/refresh-cw'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'

export type Icon = typeof CircleCheck

/** A state is always an icon and a word; the colour only repeats them. */
export type Tone = 'even' | 'behind' | 'attn' | 'stop' | 'pause' | 'off' | 'unset' | 'practice'

export const toneIcon = {
  even: CircleCheck,
  behind: RefreshCw,
  attn: TriangleAlert,
  stop: OctagonX,
  pause: CirclePause,
  off: CircleOff,
  unset: CircleDashed,
  practice: FlaskConical,
} as const

export const toneInk: Record<Tone, string> = {
  even: 'text-even',
  behind: 'text-behind',
  attn: 'text-attn',
  stop: 'text-stop',
  pause: 'text-pause',
  off: 'text-ink-3',
  unset: 'text-ink-3',
  practice: 'text-practice',
}

export const toneFill: Record<Tone, string> = {
  even: 'bg-even-soft',
  behind: 'bg-behind-soft',
  attn: 'bg-attn-soft',
  stop: 'bg-stop-soft',
  pause: 'bg-pause-soft',
  off: 'border border-line-2',
  unset: 'border border-line-2',
  practice: 'bg-practice-soft',
}
