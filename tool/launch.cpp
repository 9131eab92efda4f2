// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/launch.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace luge {
namespace {

// What the signal handlers know. Set before they are installed, never unset.
volatile pid_t child = 0;
void (*child_ended)() = nullptr;

// The terminal sends to the whole foreground group (si_code > 0): the program has it already.
void forward(int signal, siginfo_t *info, void *) {
  int saved = errno;
  if (info->si_code <= 0 && child > 0)
    kill(child, signal);
  errno = saved;
}

void on_child(int, siginfo_t *, void *) {
  int saved = errno;
  child_ended();
  errno = saved;
}

// Errors of write(2) come as EFBIG and EPIPE instead; the program gets its own disposition back.
constexpr int kNotOurs[] = {SIGXFSZ, SIGPIPE};
constexpr int kForwarded[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

void install(int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction old, action = {};
  sigaction(signal, nullptr, &old);
  if (signal != SIGCHLD && old.sa_handler == SIG_IGN) // nohup
    return;
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | flags;
  sigfillset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

void become(const std::string &path, const std::vector<std::string> &arguments,
            const Environment &environment) {
  for (auto &[name, value] : environment)
    if (value)
      setenv(name.c_str(), value->c_str(), 1);
    else
      unsetenv(name.c_str());
  std::vector<char *> argv;
  for (const std::string &a : arguments)
    argv.push_back(const_cast<char *>(a.c_str()));
  argv.push_back(nullptr);
  execvp(path.c_str(), argv.data()); // path has a slash; execvp runs scripts without #! as well
}

} // namespace

int Child::start(const std::string &path, const std::vector<std::string> &arguments,
                 const Environment &environment, void (*ended)()) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0)
    return errno;
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before); // until the handlers know the child
  pid_ = fork();
  if (pid_ == 0) {
    sigprocmask(SIG_SETMASK, &before, nullptr);
    become(path.find('/') == path.npos ? "./" + path : path, arguments, environment);
    int error = errno;
    (void)!write(report[1], &error, sizeof error);
    _exit(127);
  }
  int error = pid_ < 0 ? errno : 0;
  close(report[1]);
  child = pid_;
  child_ended = ended;
  for (int signal : kNotOurs)
    ::signal(signal, SIG_IGN);
  for (int signal : kForwarded)
    install(signal, forward, SA_RESTART);
  install(SIGCHLD, on_child, SA_RESTART | SA_NOCLDSTOP);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  ssize_t n = 0;
  while (pid_ > 0 && (n = read(report[0], &error, sizeof error)) < 0 && errno == EINTR)
    ;
  close(report[0]);
  if (pid_ > 0 && n == sizeof error)
    waitpid(pid_, nullptr, 0);
  return error;
}

bool Child::has_ended() {
  while (!ended_) {
    pid_t pid = waitpid(pid_, &status_, WNOHANG);
    if (pid == 0)
      return false;
    ended_ = pid == pid_ || errno != EINTR;
  }
  return true;
}

} // namespace luge
