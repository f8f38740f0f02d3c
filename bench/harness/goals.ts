export type Goals = {
  atLeast: (name: string, figure: number, asked: number, unit?: string) => void
  atMost: (name: string, figure: number, asked: number, unit?: string) => void
  missed: () => string[]
}

/** Collects what was asked against what was measured, one line for each. */
export function createGoals(print: (line: string) => void): Goals {
  const missed: string[] = []
  const judge = (name: string, figure: number, asked: string, met: boolean, unit: string) => {
    print(`goal ${name} ${figure.toFixed(2)}${unit} (asked ${asked}${unit}) ${met ? 'met' : 'missed'}`)
    if (!met) missed.push(name)
  }
  return {
    atLeast: (name, figure, asked, unit = '') => judge(name, figure, `>= ${asked}`, figure >= asked, unit),
    atMost: (name, figure, asked, unit = '') => judge(name, figure, `<= ${asked}`, figure <= asked, unit),
    missed: () => missed,
  }
}
