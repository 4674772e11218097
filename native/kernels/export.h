/* A function that the library is loaded for; everything else stays inside. */
#ifndef AFTERIMAGE_EXPORT_H
#define AFTERIMAGE_EXPORT_H

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#endif
