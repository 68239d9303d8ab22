import type { Field } from '../../api'

/** The field a failure belongs to, so that its sentence stands there; undefined when it concerns the form as a whole. */
export function blamed(code: string, fields: Field[]): string | undefined {
  const address = ['unreachable', 'wrong_shop', 'http_refused']
  const wanted = address.includes(code) ? ['url'] : code === 'auth' || code === 'read_only_key' ? fields.filter((f) => f.secret).map((f) => f.name) : []
  return wanted.find((name) => fields.some((f) => f.name === name))
}
