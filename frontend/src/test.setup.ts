// The tests read numbers and dates as they are written where the page's English comes from.
Object.defineProperty(navigator, 'languages', { value: ['en-GB'] })
