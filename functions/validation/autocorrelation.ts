/**
 * How much samples of a time series say when each resembles the one before: a test that takes them for independent
 * calls a healthy patch worse eight times too often at an autocorrelation of 0.5.
 */
import { centredRanks, type Series } from './series.ts'

/** Beyond this, a series says next to nothing; it also keeps the formulas finite. */
const autocorrelationMax = 0.99
/** Of the doubt about the figure: less lets series that resemble themselves raise alarms, more loses power on those that do not. */
const doubtShare = 0.8
/** From so many hosts on, what they have in common at each moment is taken off before. */
const commonHostsMin = 4

/**
 * The autocorrelation from one sample to the next, taken on the cautious side; 0 to 0.99, the same for all series given.
 *
 * Each series' own ranks are correlated with themselves a step on and pooled, so neither outliers nor a shift between
 * the series matter. Series of n samples show too little of it, by (1 + 4 r) / n after Kendall. That is made good with
 * more (7 for 4), and with four fifths of the constant part and a standard error of 1 / sqrt(total) in quadrature:
 * bench/judge.ts shows that this keeps false alarms within their limit. Negative values count as none.
 * @see Kendall 1954, "Note on bias in the estimation of autocorrelation", Biometrika 41; Wald and Wolfowitz 1943
 */
export const cautiousAutocorrelation = (series: readonly Series[]): number =>
  cautious(series.filter(({ values }) => values.length > 1).map(centredRanks))

/**
 * The same of scores of hosts, in groups that share their moments: what the hosts of a group have in common, a wave of
 * load, is taken off first, as it is no resemblance of one host to itself.
 */
export const hostAutocorrelation = (groups: readonly (readonly Float64Array[])[]): number =>
  longLasting(groups.flatMap((group) => withoutCommon(group.filter(({ length }) => length > 1).map(centred))))

/** Steps over which resemblance is summed up, for series in which little of it lasts long (counts, above all). */
const lagsMax = 4

/** The larger of the usual figure and that of the autoregression whose resemblance over several steps is as large. */
function longLasting(rows: readonly Float64Array[]): number {
  let squares = 0
  let products = 0
  for (const row of rows)
    for (let index = 0; index < row.length; index++) {
      const value = row[index] ?? 0
      squares += value * value
      for (let lag = 1; lag <= lagsMax && lag <= index; lag++) products += value * (row[index - lag] ?? 0)
    }
  const sum = squares === 0 ? 0 : Math.max(0, products / squares)
  return Math.min(autocorrelationMax, Math.max(cautious(rows), sum / (1 + sum)))
}

function cautious(rows: readonly Float64Array[]): number {
  const total = rows.reduce((sum, { length }) => sum + length, 0)
  if (total === 0) return autocorrelationMax
  let products = 0
  let squares = 0
  for (const row of rows) {
    let before = 0
    for (let index = 0; index < row.length; index++) {
      const rank = row[index] ?? 0
      products += before * rank
      squares += rank * rank
      before = rank
    }
  }
  const length = total / rows.length
  const seen = squares === 0 ? 0 : products / squares
  const doubt = doubtShare * Math.sqrt(2 / length ** 2 + 1 / total)
  return Math.min(autocorrelationMax, Math.max(0, seen * (1 + 7 / length) + doubt))
}

function centred(row: Float64Array): Float64Array {
  let sum = 0
  for (let index = 0; index < row.length; index++) sum += row[index] ?? 0
  const mean = sum / row.length
  const own = row.slice()
  for (let index = 0; index < own.length; index++) own[index] = (own[index] ?? 0) - mean
  return own
}

/** Takes what the rows have in common off them, in place. */
function withoutCommon(rows: readonly Float64Array[]): readonly Float64Array[] {
  const length = rows[0]?.length ?? 0
  if (rows.length < commonHostsMin || rows.some((row) => row.length !== length)) return rows
  const common = new Float64Array(length)
  for (const row of rows)
    for (let index = 0; index < length; index++) common[index] = (common[index] ?? 0) + (row[index] ?? 0) / rows.length
  for (const row of rows)
    for (let index = 0; index < length; index++) row[index] = (row[index] ?? 0) - (common[index] ?? 0)
  return rows
}

/**
 * Independent samples that say as much as `count` samples in series of equal length:
 * count / (1 + 2 sum over lags k of (1 - k / length) rho^k), for a first-order autoregression.
 *
 * The U statistic is asymptotically a sum over each side's ranks, so its variance grows by the same factor.
 * @see Bayley and Hammersley 1946, JRSS Supplement 8(2); Dedecker and Saulière 2017, arXiv:1611.06828
 */
export function effectiveCount(count: number, length: number, rho: number): number {
  const lags = rho / (1 - rho) - (rho * (1 - rho ** length)) / (length * (1 - rho) ** 2)
  return count / (1 + 2 * Math.max(0, lags))
}
