import { expect, test } from 'vitest'
import { portOf } from './port'

test('a port is a whole number above those of the system', () => {
  const cases: [string, number | undefined][] = [['8793', 8793], [' 1024 ', 1024], ['65535', 65_535], ['1023', undefined], ['65536', undefined], ['', undefined], ['80', undefined], ['8e3', undefined], ['-8793', undefined], ['8793.5', undefined]]
  for (const [typed, port] of cases) expect(portOf(typed), typed).toBe(port)
})
