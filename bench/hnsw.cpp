// hnswlib (M = 16, efConstruction = 150) on the benchmark's data, one thread, one query a call. Argument: data folder.
// Build: g++ -O3 -march=native -o hnsw hnsw.cpp
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <string>
#include <vector>

struct Npy {
  std::vector<char> bytes;
  size_t offset = 0, rows = 0, columns = 0;
  template <class T> const T *row(size_t i) const { return reinterpret_cast<const T *>(bytes.data() + offset) + i * columns; }
};

static Npy npy(const std::string &path) {
  Npy n;
  std::ifstream in(path, std::ios::binary);
  n.bytes.assign(std::istreambuf_iterator<char>(in), {});
  n.offset = 10 + static_cast<unsigned char>(n.bytes.at(8)) + 256 * static_cast<unsigned char>(n.bytes.at(9));
  std::string header(n.bytes.data() + 10, n.offset - 10);
  std::smatch m;
  std::regex_search(header, m, std::regex("\\((\\d+), (\\d+)\\)"));
  n.rows = std::stoul(m[1]);
  n.columns = std::stoul(m[2]);
  return n;
}

static double cpu() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC * 1e6; }

int main(int argc, char **argv) {
  std::string data = argv[1];
  Npy base = npy(data + "/base.npy"), queries = npy(data + "/queries.npy"), truth = npy(data + "/gt.npy");
  hnswlib::L2Space space(base.columns);
  hnswlib::HierarchicalNSW<float> index(&space, base.rows, 16, 150);
  double start = cpu();
  for (size_t i = 0; i < base.rows; i++) index.addPoint(base.row<float>(i), i);
  double build = (cpu() - start) / 1e6;
  std::printf("{\"ready\":true,\"build_s\":%.1f}\n", build);
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    double seconds = std::stod(line.substr(line.find(' ')));
    for (int ef : {10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 400}) {
      index.setEf(ef);
      std::vector<std::vector<int>> found;
      double c = cpu();
      auto w = std::chrono::steady_clock::now();
      auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - w).count(); };
      while (found.size() < queries.rows && (found.size() < 20 || elapsed() < seconds)) {
        auto top = index.searchKnn(queries.row<float>(found.size()), 10);
        std::vector<int> ids;
        for (; !top.empty(); top.pop()) ids.push_back(static_cast<int>(top.top().second));
        found.push_back(std::move(ids));
      }
      double used = (cpu() - c) / found.size(), wall = elapsed() * 1e6 / found.size();
      size_t hit = 0;
      for (size_t q = 0; q < found.size(); q++) {
        std::set<int> want(truth.row<int>(q), truth.row<int>(q) + 10);
        for (int id : found[q]) hit += want.count(id);
      }
      std::printf("{\"engine\":\"hnswlib\",\"params\":\"ef=%d\",\"filter\":\"\",\"recall\":%.4f,\"cpu_us\":%.1f,\"wall_us\":%.1f,\"build_s\":%.1f,\"queries\":%zu}\n",
                  ef, hit / 10.0 / found.size(), used, wall, build, found.size());
    }
    std::printf("{\"done\":true}\n");
    std::fflush(stdout);
  }
}
