//go:build !headless

#include <dispatch/dispatch.h>

void evenstockTrayStart(void);

static void start(void *unused) { evenstockTrayStart(); }

// evenstockTrayOnMain has evenstockTrayStart called on the main thread, later.
void evenstockTrayOnMain(void) { dispatch_async_f(dispatch_get_main_queue(), 0, start); }
